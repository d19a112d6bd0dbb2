/** From messages to what is shown, line by line. */

import { isSameDay } from "#app/conversation/time.ts";
import type { Unseen } from "#state/model.ts";
import type { Message } from "#wire/shapes.ts";

export type Row =
  | { readonly type: "day"; readonly key: string; readonly time: string }
  | { readonly type: "unread"; readonly key: string }
  | {
      readonly type: "message";
      readonly key: string;
      readonly message: Message;
      /** The author is the one of the message above: no need to say it again. */
      readonly isFollowUp: boolean;
    };

/** Messages of one author within this time stand together. */
const TOGETHER_MS = 5 * 60_000;

/** A line stands before the first message of others that was unseen. */
export function rowsOf(messages: readonly Message[], unseen: Unseen | null, me: string): Row[] {
  const rows: Row[] = [];
  const firstUnread = unseen && firstUnreadIn(messages, unseen, me);
  let before: Message | null = null;
  for (const message of messages) {
    const isNewDay = !before || !isSameDay(dateOf(before), dateOf(message));
    if (isNewDay) rows.push({ type: "day", key: `day-${message.id}`, time: message.created_at });
    if (message === firstUnread) rows.push({ type: "unread", key: "unread" });
    const isFollowUp =
      before !== null && !isNewDay && message !== firstUnread && isTogether(before, message);
    rows.push({ type: "message", key: message.id, message, isFollowUp });
    before = message;
  }
  return rows;
}

function firstUnreadIn(
  messages: readonly Message[],
  { after, upTo }: Unseen,
  me: string,
): Message | null {
  return messages.find(({ seq, author }) => seq > after && seq <= upTo && author.id !== me) ?? null;
}

function isTogether(before: Message, message: Message): boolean {
  const passed = dateOf(message).getTime() - dateOf(before).getTime();
  return before.author.id === message.author.id && passed < TOGETHER_MS;
}

function dateOf({ created_at }: Message): Date {
  return new Date(created_at);
}
