import { useEffect, useState } from "react";
import { useApp, useAppState } from "#app/context.ts";
import type { Row, Rows } from "#app/conversation/list/rows.ts";
import type { Sight } from "#app/conversation/list/useScroll.ts";
import { clockOf } from "#app/conversation/time.ts";
import { Icon } from "#app/ui/Icon.tsx";
import type { Conversation } from "#state/model.ts";

interface Props {
  readonly roomId: string;
  readonly conversation: Conversation;
  readonly rows: Rows;
  readonly sight: Sight;
  /** Go to where the unread begin: a row, or null if that is not loaded. */
  readonly onJump: (unreadAt: number | null) => void;
}

/**
 * Says what is new above what is in sight. It goes when the line has been in sight and everything is
 * read, or when the reader wants it to.
 */
export function UnreadBar({ roomId, conversation, rows, sight, onJump }: Props) {
  const { conversations } = useApp();
  const { unseen, timeline, isFromShelf } = conversation;
  const read = useAppState((state) => state.rooms[roomId]?.read ?? 0);
  const { unreadAt, unreadCount } = rows;
  // A picture of another time shows a line too: most of what is new is not under it.
  const isTrue = unreadAt !== null && !isFromShelf;
  const isInSight = isTrue && unreadAt >= sight.first && unreadAt <= sight.last;
  const [isSeen, setIsSeen] = useState(false);
  useEffect(() => {
    if (isInSight) setIsSeen(true);
  }, [isInSight]);

  if (!unseen || (isSeen && read >= unseen.upTo)) return null;
  const isLoaded = unreadAt !== null;
  const isAbove = isLoaded
    ? unreadAt < sight.first
    : timeline.older !== null && (timeline.messages[0]?.seq ?? 0) > unseen.after;
  if (!isAbove) return null;
  return (
    <div className="absolute inset-x-3 top-2 z-20 mx-auto flex h-10 w-fit max-w-[calc(100%-1.5rem)] items-center rounded-full border border-line bg-raised pl-4 text-sm shadow-float">
      <p className="mr-2 truncate">{sentenceFor(unreadCount, timeOf(rows.rows, unreadAt))}</p>
      <button
        type="button"
        onClick={() => onJump(unreadAt)}
        className={`${BUTTON} gap-1 font-medium text-accent`}
      >
        <Icon name="down" className="size-4 rotate-180" />
        Jump
      </button>
      <button
        type="button"
        onClick={() => conversations.markRead(roomId)}
        className={`${BUTTON} rounded-r-full pr-4 text-soft hover:text-ink`}
      >
        Mark as read
      </button>
    </div>
  );
}

const BUTTON = "flex h-full shrink-0 items-center border-l border-line px-3 hover:bg-hover";

/** `since` is null where the first of them is not loaded, and so there may be more. */
export function sentenceFor(count: number, since: string | null): string {
  if (count === 0) return "New messages above";
  if (since === null) return `More than ${count} new messages`;
  return `${count} new ${count === 1 ? "message" : "messages"} since ${clockOf(since)}`;
}

function timeOf(rows: readonly Row[], unreadAt: number | null): string | null {
  if (unreadAt === null) return null;
  const next = rows[unreadAt + 1];
  return next?.type === "message" ? next.message.created_at : null;
}
