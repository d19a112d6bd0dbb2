import { useAppState } from "#app/context.ts";
import type { Names } from "#app/conversation/mentions.ts";
import { oneLine } from "#app/conversation/text/plain.ts";
import type { Message } from "#wire/shapes.ts";

interface Props {
  readonly message: Message;
  readonly names: Names;
}

/** Author and first words. */
export function QuotedText({ message, names }: Props) {
  const isBlocked = useAppState((state) => state.blocked.has(message.author.id));
  const words = message.deleted_at === null ? oneLine(message.content, names) : "Deleted message";
  return (
    <>
      <bdi className="max-w-40 shrink-0 truncate font-medium">{message.author.name}</bdi>
      <bdi className="truncate">{isBlocked ? "You have blocked this person" : words}</bdi>
    </>
  );
}
