import { Component, type ReactNode, useState } from "react";
import { useApp } from "#app/context.ts";
import { Button } from "#app/ui/Button.tsx";
import { CopyField } from "#app/ui/CopyField.tsx";
import { Hollow } from "#app/ui/Hollow.tsx";

interface Props {
  /** What broke, as the reader knows it: "This conversation". */
  readonly name: string;
  readonly children: ReactNode;
}

interface State {
  readonly error: unknown;
  readonly hasFailed: boolean;
}

/** One part of a page: when it breaks, the others stay. */
export class Area extends Component<Props, State> {
  override state: State = { error: null, hasFailed: false };

  static getDerivedStateFromError(error: unknown): State {
    return { error, hasFailed: true };
  }

  override render(): ReactNode {
    const { name, children } = this.props;
    if (!this.state.hasFailed) return children;
    const retry = () => this.setState({ error: null, hasFailed: false });
    return <Broken name={name} error={this.state.error} onRetry={retry} />;
  }
}

interface BrokenProps {
  readonly name: string;
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** What somebody can try, and what they can tell whoever runs the server. */
function Broken({ name, error, onRetry }: BrokenProps) {
  const { lobby } = useApp();
  const [report] = useState(() => {
    const id = lobby.newKey().slice(0, 8);
    const time = new Date().toISOString().slice(0, 19);
    return `${id} ${time}Z ${window.location.pathname} ${name}: ${String(error)}`;
  });
  return (
    <div role="alert" className="flex min-w-0 grow">
      <Hollow title={`${name} could not be shown.`}>
        <div className="flex flex-wrap justify-center gap-2">
          <Button onClick={onRetry}>Try again</Button>
          <Button look="quiet" onClick={() => window.location.reload()}>
            Load the page again
          </Button>
        </div>
        <details className="w-full text-left text-sm text-soft">
          <summary className="cursor-pointer rounded-lg py-2 text-center">Details</summary>
          <p className="mb-2">If it happens again, send this to whoever runs this server.</p>
          <CopyField label="Report" value={report} />
        </details>
      </Hollow>
    </div>
  );
}
