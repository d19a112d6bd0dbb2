import { useEffect } from "react";
import type { Names } from "#app/conversation/mentions.ts";
import { QuotedText } from "#app/conversation/message/QuotedText.tsx";
import { Icon } from "#app/ui/Icon.tsx";
import { IconButton } from "#app/ui/IconButton.tsx";
import type { Message } from "#wire/shapes.ts";

interface Props {
  readonly message: Message;
  readonly names: Names;
  readonly onStop: () => void;
}

/** Above what one writes: which message it answers, and the way out. Escape is another. */
export function Answering({ message, names, onStop }: Props) {
  // Who has chosen a message to answer wants to write next.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each message anew.
  useEffect(() => document.getElementById("message-box")?.focus(), [message.id]);
  return (
    <div className="flex items-center gap-1.5 border-b border-line py-0.5 pr-1.5 pl-3.5 text-sm text-soft">
      <Icon name="reply" className="size-3.5 shrink-0" />
      <span className="sr-only">Answering </span>
      <span className="flex min-w-0 grow gap-1.5">
        <QuotedText message={message} names={names} />
      </span>
      <IconButton icon="close" label="Do not answer" onClick={onStop} />
    </div>
  );
}
