import type { Message } from "#wire/shapes.ts";

interface Props {
  readonly message: Message;
  /** Add or take back; null for who may only look. */
  readonly onReact: ((emoji: string) => void) | null;
}

export function Reactions({ message, onReact }: Props) {
  if (message.reactions.length === 0 || message.deleted_at !== null) return null;
  return (
    <ul aria-label="Reactions" className="mt-1 mb-0.5 flex flex-wrap gap-1.5">
      {message.reactions.map(({ emoji, count, mine }) => (
        <li key={emoji}>
          <button
            type="button"
            aria-pressed={mine}
            aria-label={`${emoji} ${count}`}
            disabled={onReact === null}
            onClick={() => onReact?.(emoji)}
            className={`flex h-7 items-center gap-1.5 rounded-full border px-2.5 text-sm tabular-nums transition-colors ${mine ? "border-accent bg-accent-soft font-semibold" : "border-line bg-raised text-soft hover:bg-hover"}`}
          >
            <span>{emoji}</span>
            {count}
          </button>
        </li>
      ))}
    </ul>
  );
}
