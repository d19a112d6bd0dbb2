import type { ReactNode } from "react";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { useAttempt } from "#app/ui/useAttempt.ts";

interface Props {
  readonly title: string;
  /** What comes of it. */
  readonly children: ReactNode;
  /** What the button says that does it; the other one leaves everything as it is. */
  readonly yes: string;
  readonly no: string;
  readonly onYes: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks before something is taken away. */
export function Question({ title, children, yes, no, onYes, onClose }: Props) {
  const { isBusy, problem, run } = useAttempt(onYes);
  return (
    <Dialog title={title} onClose={onClose}>
      {problem && <Alert>{problem.message}</Alert>}
      <div className="text-sm text-soft">{children}</div>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button look="quiet" onClick={onClose}>
          {no}
        </Button>
        <Button
          look="danger"
          disabled={isBusy}
          onClick={() => void run().then((isDone) => isDone && onClose())}
        >
          {yes}
        </Button>
      </div>
    </Dialog>
  );
}
