import { AppContext } from "#app/context.ts";
import { Pages } from "#app/Pages.tsx";
import { Area } from "#app/ui/Area.tsx";
import { Complaints } from "#app/ui/Complaints.tsx";
import type { App } from "#state/app.ts";

interface Props {
  readonly app: App;
}

export function Root({ app }: Props) {
  return (
    <AppContext value={app}>
      <Area name="Hubbub">
        <Pages />
        <Complaints />
      </Area>
    </AppContext>
  );
}
