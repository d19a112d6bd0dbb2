import type { Message } from "#wire/shapes.ts";

interface Props {
  readonly message: Message;
  /** The message is the one that Tab leads to, and so are these. */
  readonly isActive: boolean;
  /** Add or take back; null for who may only look. */
  readonly onReact: ((emoji: string) => void) | null;
}

export function Reactions({ message, isActive, onReact }: Props) {
  if (message.reactions.length === 0 || message.deleted_at !== null) return null;
  return (
    <ul
      aria-label="Reactions"
      className="mt-1 mb-0.5 flex flex-wrap gap-1.5 pointer-coarse:gap-y-3"
    >
      {message.reactions.map(({ emoji, count, mine }) => (
        <li key={emoji}>
          <button
            type="button"
            aria-pressed={mine}
            aria-label={`${emoji} ${count}`}
            tabIndex={isActive ? 0 : -1}
            disabled={onReact === null}
            onClick={() => onReact?.(emoji)}
            className={`flex h-7 items-center gap-1.5 rounded-full border px-2.5 text-sm tabular-nums transition-colors relative pointer-coarse:after:absolute pointer-coarse:after:inset-x-0 pointer-coarse:after:-inset-y-1.5 ${mine ? "border-accent bg-accent-soft font-semibold" : "border-line bg-raised text-soft hover:bg-hover"}`}
          >
            <span>{emoji}</span>
            {count}
          </button>
        </li>
      ))}
    </ul>
  );
}
