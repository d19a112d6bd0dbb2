import { lazy, Suspense } from "react";
import { AppContext, useAppState } from "#app/context.ts";
import { Pages } from "#app/Pages.tsx";
import { Area } from "#app/ui/Area.tsx";
import { Complaints } from "#app/ui/Complaints.tsx";
import type { App } from "#state/app.ts";

const StepUp = lazy(async () => ({ default: (await import("#app/security/StepUp.tsx")).StepUp }));

interface Props {
  readonly app: App;
}

export function Root({ app }: Props) {
  return (
    <AppContext value={app}>
      <Area name="Hubbub">
        <Pages />
        <Question />
        <Complaints />
      </Area>
    </AppContext>
  );
}

/** Whoever does something grave is asked to show that it is them, on whatever page they are. */
function Question() {
  const methods = useAppState((state) => state.proofAsked);
  return methods ? (
    <Suspense fallback={null}>
      <StepUp methods={methods} />
    </Suspense>
  ) : null;
}
