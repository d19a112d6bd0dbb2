/** From messages to what is shown, line by line. */

import type { Unsent } from "#protocol/outbox.ts";
import type { Unseen } from "#state/model.ts";
import type { Message } from "#wire/shapes.ts";

export type Row =
  /** Nothing was said before. */
  | { readonly type: "start"; readonly key: string }
  | { readonly type: "day"; readonly key: string; readonly time: string }
  | { readonly type: "unread"; readonly key: string }
  | {
      readonly type: "message";
      readonly key: string;
      readonly message: Message;
      /** The author is the one of the message above: no need to say it again. */
      readonly isFollowUp: boolean;
    }
  | {
      readonly type: "unsent";
      readonly key: string;
      readonly item: Unsent;
      readonly isFollowUp: boolean;
    };

export interface Rows {
  readonly rows: readonly Row[];
  /** Where the unread begin: a place among the rows; null if there are none, or that is not loaded. */
  readonly unreadAt: number | null;
  /** Unread messages of others among these; there may be more in pages that are not loaded. */
  readonly unreadCount: number;
}

/** Messages of one author within this time stand together. */
const TOGETHER_MS = 5 * 60_000;

interface Reading {
  /** The first of the messages is the first of the room. */
  readonly isFromStart: boolean;
  readonly unseen: Unseen | null;
  /** The reader's id. */
  readonly me: string;
}

/** A line stands before the first message of others that was unseen. */
export function rowsOf(messages: readonly Message[], reading: Reading): Rows {
  const { isFromStart, unseen, me } = reading;
  const rows: Row[] = isFromStart && messages.length > 0 ? [{ type: "start", key: "start" }] : [];
  const hasLine = unseen !== null && (isFromStart || (messages[0]?.seq ?? 0) <= unseen.after);
  let unreadAt: number | null = null;
  let unreadCount = 0;
  let before: Message | null = null;
  for (const message of messages) {
    const isNewDay = !before || stampOf(before).day !== stampOf(message).day;
    if (isNewDay) rows.push({ type: "day", key: `day-${message.id}`, time: message.created_at });
    const isUnread = unseen !== null && isUnseen(message, unseen, me);
    const isFirst = isUnread && unreadCount === 0;
    if (isUnread) unreadCount += 1;
    if (isFirst && hasLine) {
      unreadAt = rows.length;
      rows.push({ type: "unread", key: "unread" });
    }
    const isFollowUp =
      before !== null && !isNewDay && !(isFirst && hasLine) && isTogether(before, message);
    rows.push({ type: "message", key: keyOf(message, me), message, isFollowUp });
    before = message;
  }
  return { rows, unreadAt, unreadCount };
}

/** Put what is not sent yet below; each keeps its line when it is. */
export function withUnsent(rows: readonly Row[], unsent: readonly Unsent[], me: string): Row[] {
  const last = rows.at(-1);
  const message = last?.type === "message" ? last.message : null;
  let before = message?.author.id === me ? stampOf(message).time : Number.NEGATIVE_INFINITY;
  const known = new Set(rows.slice(-unsent.length - 1).map(({ key }) => key));
  const below: Row[] = [];
  for (const item of unsent) {
    const key = `own-${item.client_msg_id}`;
    // The event is there, and the outbox will hear of it in a moment.
    if (known.has(key)) continue;
    const isFollowUp = item.written_at - before < TOGETHER_MS;
    below.push({ type: "unsent", key, item, isFollowUp });
    before = item.written_at;
  }
  return [...rows, ...below];
}

/** An own message has its key from the time when it was not sent yet. */
function keyOf(message: Message, me: string): string {
  const isOwn = message.author.id === me && message.client_msg_id !== null;
  return isOwn ? `own-${message.client_msg_id}` : message.id;
}

function isUnseen({ seq, author }: Message, { after, upTo }: Unseen, me: string): boolean {
  return seq > after && seq <= upTo && author.id !== me;
}

function isTogether(before: Message, message: Message): boolean {
  const passed = stampOf(message).time - stampOf(before).time;
  return before.author.id === message.author.id && passed < TOGETHER_MS;
}

interface Stamp {
  readonly time: number;
  /** Differs from day to day, where the reader is. */
  readonly day: number;
}

/** Reading dates is nearly all of the work, and thousands of lines are made anew with each event. */
const STAMPS = new WeakMap<Message, Stamp>();

function stampOf(message: Message): Stamp {
  const known = STAMPS.get(message);
  if (known) return known;
  const date = new Date(message.created_at);
  const day = (date.getFullYear() * 12 + date.getMonth()) * 31 + date.getDate();
  const stamp = { time: date.getTime(), day };
  STAMPS.set(message, stamp);
  return stamp;
}
