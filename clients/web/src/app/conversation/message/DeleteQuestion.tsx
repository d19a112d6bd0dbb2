import { Button } from "#app/ui/Button.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";

interface Props {
  readonly onClose: () => void;
  readonly onDelete: () => void;
}

export function DeleteQuestion({ onClose, onDelete }: Props) {
  return (
    <Dialog title="Delete this message?" onClose={onClose}>
      <p className="text-soft">Its text is removed for everybody. That cannot be undone.</p>
      <div className="mt-6 flex justify-end gap-3">
        <Button look="quiet" onClick={onClose}>
          Keep it
        </Button>
        <Button
          look="danger"
          onClick={() => {
            onClose();
            onDelete();
          }}
        >
          Delete
        </Button>
      </div>
    </Dialog>
  );
}
