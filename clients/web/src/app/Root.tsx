import { Component, type ReactNode } from "react";
import { AppContext } from "#app/context.ts";
import { Pages } from "#app/Pages.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Complaint } from "#app/ui/Complaint.tsx";
import { Hollow } from "#app/ui/Hollow.tsx";
import type { App } from "#state/app.ts";

interface Props {
  readonly app: App;
}

export function Root({ app }: Props) {
  return (
    <AppContext value={app}>
      <Boundary>
        <Pages />
        <Complaint />
      </Boundary>
    </AppContext>
  );
}

/** Shows a page instead of nothing when a component fails. */
class Boundary extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <main className="flex h-full">
        <Hollow title="Something on this page broke.">
          <Button onClick={() => window.location.reload()}>Load it again</Button>
        </Hollow>
      </main>
    );
  }
}
