import type { Conversation } from "#state/model.ts";

interface Props {
  readonly conversation: Conversation;
  readonly me: string;
}

/** Who is typing. The line keeps its height, so that nothing moves when somebody begins. */
export function Typing({ conversation, me }: Props) {
  const others = Object.keys(conversation.typing).filter((id) => id !== me);
  const names = others.map((id) => nameOf(conversation, id));
  return (
    <p
      aria-live="polite"
      className="h-6 shrink-0 truncate px-4 text-xs leading-6 text-soft md:px-6"
    >
      {sentenceFor(names)}
    </p>
  );
}

/** More names than these would not fit beside each other. */
const MOST_NAMED = 3;

export function sentenceFor(names: readonly string[]): string {
  if (names.length === 0) return "";
  const named = names.slice(0, names.length > MOST_NAMED ? MOST_NAMED - 1 : MOST_NAMED);
  const others = names.length - named.length;
  const all = others > 0 ? [...named, `${others} others`] : named;
  const last = all.at(-1);
  const first = all.slice(0, -1).join(", ");
  return `${first === "" ? last : `${first} and ${last}`} ${all.length === 1 ? "is" : "are"} typing`;
}

/** A signal carries an id only; the name is known from the members or from what they wrote. */
function nameOf({ members, timeline }: Conversation, id: string): string {
  const member = members.find(({ person }) => person.id === id);
  const message = timeline.messages.findLast(({ author }) => author.id === id);
  return member?.person.name ?? message?.author.name ?? "Somebody";
}
