import { useCallback, useEffect, useLayoutEffect, useMemo, useState } from "react";
import { useApp } from "#app/context.ts";
import { Announcer } from "#app/conversation/list/Announcer.tsx";
import { DayChip } from "#app/conversation/list/DayChip.tsx";
import { Log } from "#app/conversation/list/Log.tsx";
import { Missing, Nothing } from "#app/conversation/list/Nothing.tsx";
import { ToEnd } from "#app/conversation/list/ToEnd.tsx";
import { UnreadBar } from "#app/conversation/list/UnreadBar.tsx";
import { useJump } from "#app/conversation/list/useJump.ts";
import { useOwn } from "#app/conversation/list/useOwn.ts";
import { useReading } from "#app/conversation/list/useReading.ts";
import { useRows } from "#app/conversation/list/useRows.ts";
import { type Scroll, type Sight, useScroll } from "#app/conversation/list/useScroll.ts";
import { RoomContext } from "#app/conversation/room.ts";
import type { Conversation } from "#state/model.ts";

interface Props {
  readonly conversation: Conversation;
  /** What its lines share, but for the way to jump, which is made here. */
  readonly room: Omit<RoomContext, "jump">;
  /** The message that is being changed, by its id. */
  readonly editing: string | null;
}

/** The messages of a room, and what floats above them. */
export function MessageList({ conversation, room, editing }: Props) {
  const { roomId, me } = room;
  const { timeline, loading, place } = conversation;
  const { conversations, history } = useApp();
  const content = useRows(roomId, conversation, me);
  const { rows, unreadAt } = content;
  const isLive = timeline.newer === null;
  const { sight, onSight } = useSight(roomId);
  const isReady = !conversation.isFromShelf;
  const { origin } = timeline;
  const scroll = useScroll({ rows, origin, unreadAt, place, isLive, isReady }, onSight);
  const { isAtEnd, isAway, toEnd, toRow } = scroll;
  const { toMessage, toSeq, lit } = useJump(roomId, rows, scroll);
  useReading(roomId, isAtEnd && loading.phase === "ready", rows);
  usePlace(roomId, scroll);

  const toNewest = useCallback(() => {
    toEnd();
    if (!isLive) void history.load(roomId);
  }, [toEnd, isLive, history, roomId]);
  useOwn(content.unsent, toNewest);
  const shared = useMemo(() => ({ ...room, jump: toMessage }), [room, toMessage]);

  const retry = () => conversations.retry(roomId);
  const isEmpty = rows.length === 0;
  return (
    <RoomContext value={shared}>
      <div className="relative flex min-h-0 grow basis-0 flex-col pb-2">
        {loading.phase === "failed" && !isEmpty && <Missing onRetry={retry} />}
        <Log
          rows={rows}
          sight={sight}
          scroll={scroll}
          editing={editing}
          lit={lit}
          isBusy={isBusyIn(conversation)}
        >
          {isEmpty && (
            <Nothing conversation={conversation} isIn={room.role !== null} onRetry={retry} />
          )}
        </Log>
        <UnreadBar
          roomId={roomId}
          conversation={conversation}
          rows={content}
          sight={sight}
          onJump={(at) =>
            at === null ? toSeq((conversation.unseen?.after ?? 0) + 1) : toRow(at, "unread")
          }
        />
        {isAway && <DayChip rows={rows} first={sight.first} />}
        {isAway && <ToEnd roomId={roomId} onClick={toNewest} />}
        <Announcer timeline={timeline} />
      </div>
    </RoomContext>
  );
}

function isBusyIn({ loading, timeline }: Conversation): boolean {
  return loading.phase === "loading" || timeline.isLoadingOlder || timeline.isLoadingNewer;
}

/** Pages are asked for when an end is this near, in screens: before anybody sees that end. */
const EARLY_SCREENS = 2;

const NOTHING: Sight = { above: 0, below: 0, first: 0, last: -1 };

/** What is in sight; near an end the next page is asked for. */
function useSight(roomId: string) {
  const { history } = useApp();
  const [sight, setSight] = useState(NOTHING);
  const onSight = useCallback(
    (now: Sight) => {
      setSight((was) => (was.first === now.first && was.last === now.last ? was : now));
      if (now.above < EARLY_SCREENS) void history.loadOlder(roomId);
      if (now.below < EARLY_SCREENS) void history.loadNewer(roomId);
    },
    [history, roomId],
  );
  return { sight, onSight };
}

/** The room is left as it will be found again. */
function usePlace(roomId: string, { isAtEnd, placeNow }: Scroll): void {
  const { conversations } = useApp();
  useEffect(() => {
    if (isAtEnd) conversations.trim(roomId);
  }, [conversations, roomId, isAtEnd]);
  useLayoutEffect(
    () => () => conversations.keepPlace(roomId, placeNow()),
    [conversations, roomId, placeNow],
  );
}
