import { type KeyboardEvent, useState } from "react";
import { useApp } from "#app/context.ts";
import { isSendKey } from "#app/conversation/keys.ts";
import { withIds, withNames } from "#app/conversation/mentions.ts";
import { useRoom } from "#app/conversation/room.ts";
import { useGrowing } from "#app/conversation/useGrowing.ts";
import { Button } from "#app/ui/Button.tsx";
import type { Message } from "#wire/shapes.ts";

interface Props {
  readonly message: Message;
  readonly onClose: () => void;
}

/** Changes a message in its place: Enter saves, Escape leaves it as it was. */
export function MessageEditor({ message, onClose }: Props) {
  const { conversations } = useApp();
  const { roomId, names } = useRoom();
  const [text, setText] = useState(() => withNames(message.content, names));
  const [isBusy, setIsBusy] = useState(false);
  const ref = useGrowing(text);

  async function save(): Promise<void> {
    const content = withIds(text.trim(), names);
    if (content === "" || content === message.content) return onClose();
    setIsBusy(true);
    const isSaved = await conversations.edit(roomId, message, content);
    setIsBusy(false);
    if (isSaved) onClose();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const isEscape = event.key === "Escape";
    if (!isEscape && !isSendKey(event)) return;
    event.preventDefault();
    if (isEscape) onClose();
    else if (!isBusy) void save();
  }

  return (
    <div className="flex flex-col gap-2 pt-1 pb-2">
      <textarea
        ref={ref}
        aria-label="New text"
        dir="auto"
        rows={1}
        // biome-ignore lint/a11y/noAutofocus: it stands where the person has just pressed "edit".
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        className="max-h-60 w-full resize-none rounded-lg border border-edge bg-raised px-3 py-2 outline-none focus:border-accent"
      />
      <div className="flex gap-2">
        <Button disabled={isBusy} onClick={() => void save()}>
          Save
        </Button>
        <Button look="quiet" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
