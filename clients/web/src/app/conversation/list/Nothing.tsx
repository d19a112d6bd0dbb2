import { NoRoom } from "#app/conversation/NoRoom.tsx";
import { useSilence } from "#app/conversation/silence.ts";
import { Button } from "#app/ui/Button.tsx";
import { Hollow } from "#app/ui/Hollow.tsx";
import { Skeleton } from "#app/ui/Skeleton.tsx";
import type { Conversation } from "#state/model.ts";

interface Props {
  readonly conversation: Conversation;
  /** The reader is a member. */
  readonly isIn: boolean;
  readonly onRetry: () => void;
}

/** What stands where there are no messages, and why. */
export function Nothing({ conversation, isIn, onRetry }: Props) {
  const { loading, room, mute } = conversation;
  const isSilent = useSilence(room, mute) !== null;
  if (loading.phase === "loading") return <Skeleton rows={6} label="Loading messages" />;
  if (loading.phase === "ready") {
    return (
      <Hollow title="Nothing has been said here yet.">
        {isIn && room && !isSilent && <p className="text-sm text-soft">Say hello.</p>}
      </Hollow>
    );
  }
  if (loading.problem.code === "not_found") {
    return <NoRoom />;
  }
  return (
    <Hollow title={loading.problem.message}>
      <Button look="quiet" onClick={onRetry}>
        Try again
      </Button>
    </Hollow>
  );
}

/** There are messages, but not all: what came meanwhile could not be read. */
export function Missing({ onRetry }: { readonly onRetry: () => void }) {
  return (
    <p className="mx-4 mt-2 shrink-0 rounded-lg bg-danger-soft px-3.5 py-2 text-sm text-danger md:mx-6">
      Some messages could not be loaded.{" "}
      <button type="button" onClick={onRetry} className="font-semibold underline">
        Try again
      </button>
    </p>
  );
}
