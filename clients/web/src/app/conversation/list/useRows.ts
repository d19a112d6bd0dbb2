import { useMemo } from "react";
import { useAppState } from "#app/context.ts";
import { type Row, type Rows, rowsOf, withUnsent } from "#app/conversation/list/rows.ts";
import type { Unsent } from "#protocol/outbox.ts";
import type { Conversation } from "#state/model.ts";

interface Content extends Rows {
  readonly unsent: readonly Unsent[];
}

/** The lines of a room with those below that are not sent yet; made anew only when they change. */
export function useRows(roomId: string, conversation: Conversation, me: string): Content {
  const { timeline, unseen = null, isFromShelf } = conversation;
  const { messages, older, newer } = timeline;
  const isFromStart = older === null && !isFromShelf;
  const outbox = useAppState((state) => state.outbox);
  const unsent = useMemo(() => outbox.filter((item) => item.room_id === roomId), [outbox, roomId]);
  const told = useMemo(
    () => rowsOf(messages, { isFromStart, unseen, me }),
    [messages, isFromStart, unseen, me],
  );
  const rows: readonly Row[] = useMemo(
    () => (newer === null ? withUnsent(told.rows, unsent, me) : told.rows),
    [told, unsent, me, newer],
  );
  return useMemo(() => ({ ...told, rows, unsent }), [told, rows, unsent]);
}
