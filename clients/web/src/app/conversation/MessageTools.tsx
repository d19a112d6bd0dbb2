import { useState } from "react";
import { useApp } from "#app/context.ts";
import { type Names, withNames } from "#app/conversation/mentions.ts";
import { Button } from "#app/ui/Button.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { IconButton } from "#app/ui/IconButton.tsx";
import type { Message } from "#wire/shapes.ts";

interface Props {
  readonly roomId: string;
  readonly message: Message;
  readonly names: Names;
  readonly isMine: boolean;
  readonly mayDelete: boolean;
  readonly onEdit: () => void;
  /** The reactions are unfolded. */
  readonly isChoosing: boolean;
  readonly onChoose: (isChoosing: boolean) => void;
}

const EMOJI = ["👍", "❤️", "😂", "🎉", "😮", "😢"];

/** What can be done with a message: shown under the pointer, on touch, and to the keyboard. */
export function MessageTools(props: Props) {
  const { roomId, message, names, isMine, mayDelete, onEdit, isChoosing, onChoose } = props;
  const { conversations } = useApp();
  const [isAsking, setIsAsking] = useState(false);

  function react(emoji: string): void {
    onChoose(false);
    void conversations.react(roomId, message, emoji);
  }

  return (
    <>
      <div className="pointer-events-none absolute -top-4 right-4 z-10 flex rounded-lg border border-line bg-raised opacity-0 shadow-float group-focus-within:pointer-events-auto group-focus-within:opacity-100 group-hover:pointer-events-auto group-hover:opacity-100 md:right-6">
        {isChoosing &&
          EMOJI.map((emoji) => (
            <button
              key={emoji}
              type="button"
              aria-label={`React with ${emoji}`}
              className="size-9 rounded-lg text-lg hover:bg-hover"
              onClick={() => react(emoji)}
            >
              {emoji}
            </button>
          ))}
        <IconButton
          icon={isChoosing ? "close" : "smile"}
          label={isChoosing ? "No reaction" : "Add reaction"}
          onClick={() => onChoose(!isChoosing)}
        />
        {!isChoosing && <CopyButton text={withNames(message.content, names)} />}
        {!isChoosing && isMine && <IconButton icon="edit" label="Edit message" onClick={onEdit} />}
        {!isChoosing && mayDelete && (
          <IconButton icon="trash" label="Delete message" onClick={() => setIsAsking(true)} />
        )}
      </div>
      {isAsking && (
        <DeleteQuestion
          onClose={() => setIsAsking(false)}
          onDelete={() => void conversations.delete(roomId, message.id)}
        />
      )}
    </>
  );
}

/** Browsers lend the clipboard to secure pages only; elsewhere there is no button. */
function CopyButton({ text }: { readonly text: string }) {
  if (!navigator.clipboard) return null;
  return (
    <IconButton
      icon="copy"
      label="Copy text"
      onClick={() => void navigator.clipboard.writeText(text)}
    />
  );
}

interface QuestionProps {
  readonly onClose: () => void;
  readonly onDelete: () => void;
}

function DeleteQuestion({ onClose, onDelete }: QuestionProps) {
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
