import type { NewToken } from "#api/tokens.ts";
import { Button } from "#app/ui/Button.tsx";
import { CopyField } from "#app/ui/CopyField.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";

interface Props {
  readonly token: NewToken;
  readonly onClose: () => void;
}

/** A token, at the only time that it is shown; closed on purpose only. */
export function TokenSheet({ token, onClose }: Props) {
  return (
    <Dialog title="Your new token" onClose={onClose} isFirm>
      <p className="pb-4 text-sm text-soft">
        Copy it now: it is not shown again. Whoever has it can do what you allowed {token.name}.
      </p>
      <CopyField label="Token" value={token.token} />
      <Button className="mt-2 w-full" onClick={onClose}>
        I have copied it
      </Button>
    </Dialog>
  );
}
