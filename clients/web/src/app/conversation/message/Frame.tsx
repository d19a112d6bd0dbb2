import { type ReactNode, useState } from "react";
import { Avatar } from "#app/ui/Avatar.tsx";
import type { Person } from "#wire/shapes.ts";

interface Props {
  readonly author: Pick<Person, "id" | "name">;
  readonly label: string;
  readonly lineKey: string;
  readonly isFollowUp: boolean;
  /** The one that is reached with the key Tab. */
  readonly isActive: boolean;
  readonly isHovered?: boolean;
  readonly isLit?: boolean;
  /** Beside the author's name. */
  readonly aside: ReactNode;
  /** Look at its author; null where there is nothing to look at. */
  readonly onAuthor?: (() => void) | null;
  /** In the margin of a follow-up. */
  readonly margin: ReactNode;
  /** What can be done with it: shown under the pointer, and to whom it has the focus. */
  readonly tools?: (isShown: boolean) => ReactNode;
  readonly children: ReactNode;
}

/** The outline of a message, the same before and after it is sent, so that nothing moves then. */
export function Frame(props: Props) {
  const { author, label, lineKey, isFollowUp, isActive, isHovered = false, isLit = false } = props;
  const { aside, margin } = props;
  const [isFocused, setIsFocused] = useState(false);
  const look = isLit ? "bg-accent-soft" : "hover:bg-hover/60 focus-within:bg-hover/60";
  return (
    <article
      data-key={lineKey}
      // Focusable by touch too, so that the tools can be reached without a pointer that hovers.
      tabIndex={isActive ? 0 : -1}
      aria-label={label}
      onFocus={() => setIsFocused(true)}
      onBlur={({ currentTarget, relatedTarget }) =>
        setIsFocused(currentTarget.contains(relatedTarget))
      }
      className={`group relative flex gap-3 px-4 transition-colors duration-300 focus-visible:-outline-offset-2 md:px-6 ${look} ${isFollowUp ? "py-0.5" : "mt-2 pt-1 pb-0.5"}`}
    >
      <div className="w-9 shrink-0">
        {isFollowUp ? margin : <Avatar person={author} className="mt-0.5 size-9 text-sm" />}
      </div>
      <div className="min-w-0 grow">
        {!isFollowUp && (
          <p className="flex items-baseline gap-2">
            <Author name={author.name} onPress={props.onAuthor ?? null} />
            {aside}
          </p>
        )}
        {props.children}
      </div>
      {props.tools?.(isHovered || isFocused)}
    </article>
  );
}

interface AuthorProps {
  readonly name: string;
  readonly onPress: (() => void) | null;
}

/** With the keyboard the same is among the tools, or every line would have one more stop. */
function Author({ name, onPress }: AuthorProps) {
  const words = <bdi className="truncate font-semibold">{name}</bdi>;
  if (!onPress) return words;
  return (
    <button
      type="button"
      tabIndex={-1}
      onClick={onPress}
      className="flex min-w-0 rounded hover:underline"
    >
      {words}
    </button>
  );
}
