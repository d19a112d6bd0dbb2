import { useEffect, useRef } from "react";
import { useAppState } from "#app/context.ts";
import { Composer } from "#app/conversation/Composer.tsx";
import { Note } from "#app/conversation/Note.tsx";
import { paceOf, useSilence } from "#app/conversation/silence.ts";
import { Button } from "#app/ui/Button.tsx";
import { EMPTY_CONVERSATION } from "#state/model.ts";
import type { GuestVisit, Visit } from "#state/visit.ts";
import type { Room } from "#wire/shapes.ts";

interface Props {
  readonly visit: GuestVisit;
  readonly now: Extract<Visit, { phase: "inside" | "over" }>;
  readonly room: Room;
  readonly onEditLast: () => void;
}

/** Where a guest writes; or that the visit is over, and why. */
export function GuestFoot({ visit, now, room, onEditLast }: Props) {
  const { members, mute, timeline } = useAppState(
    (state) => state.conversations[room.id] ?? EMPTY_CONVERSATION,
  );
  const silence = useSilence(room, mute);
  if (now.phase === "over") {
    return <Over visit={visit} why={now.why} isEmpty={timeline.messages.length === 0} />;
  }
  if (silence !== null) return <Note>{silence}</Note>;
  return (
    <Composer
      roomId={room.id}
      title={room.title}
      members={members}
      paceS={paceOf(room)}
      onEditLast={onEditLast}
    />
  );
}

interface OverProps {
  readonly visit: GuestVisit;
  readonly why: string;
  /** Nothing was said. */
  readonly isEmpty: boolean;
}

function Over({ visit, why, isEmpty }: OverProps) {
  const ref = useRef<HTMLParagraphElement>(null);

  // The focus was where one wrote, or on the way out, and both are gone.
  useEffect(() => ref.current?.focus(), []);

  return (
    <Note>
      <p ref={ref} role="alert" tabIndex={-1} className="py-2 outline-none">
        {WORDS[why] ?? WORDS.ended}
        {!isEmpty && " What was said stays here until you close this page."}
      </p>
      {!FOR_GOOD.includes(why) && (
        <Button look="quiet" onClick={() => void visit.begin()}>
          Come in again
        </Button>
      )}
    </Note>
  );
}

const FOR_GOOD = ["banned", "closed", "deleted"];

const WORDS: Readonly<Record<string, string>> = {
  left: "You have left this room.",
  removed: "You were removed from this room.",
  banned: "You were banned from this room.",
  closed: "This room has closed.",
  deleted: "This room was deleted.",
  ended: "You are no longer in this room.",
};
