import { type ReactNode, useState } from "react";
import { useAppState } from "#app/context.ts";

interface Props {
  readonly authorId: string;
  readonly children: ReactNode;
}

/** What somebody wrote whom the reader has blocked, until the reader wants to see it. */
export function Folded({ authorId, children }: Props) {
  const isBlocked = useAppState((state) => state.blocked.has(authorId));
  const [isUnfolded, setIsUnfolded] = useState(false);
  if (!isBlocked || isUnfolded) return children;
  return (
    <p className="text-sm text-soft">
      You have blocked this person.{" "}
      <button
        type="button"
        onClick={() => setIsUnfolded(true)}
        className="rounded py-1 font-medium text-accent hover:underline"
      >
        Show
      </button>
    </p>
  );
}
