/**
 * The messages of a room as they are now, in the order of their seq.
 *
 * Every change may be applied twice with the same result: what a page of history already contains is
 * told again by events that were under way while it was read.
 */

import type { Page } from "#api/pages.ts";
import type { Change } from "#protocol/frames.ts";
import type { Message, Reaction } from "#wire/shapes.ts";

export interface Timeline {
  /** Oldest first. */
  readonly messages: readonly Message[];
  /** The page before the first message ends before this seq; null when there is none. */
  readonly older: number | null;
  readonly isLoadingOlder: boolean;
}

export const EMPTY_TIMELINE: Timeline = { messages: [], older: null, isLoadingOlder: false };

/** Beyond so many messages a reader at the end keeps only the newest: they fill pages for ever. */
const MOST_KEPT = 400;
const LEAST_KEPT = 200;

/** Start over with the newest page. */
export function fromPage(page: Page<Message>): Timeline {
  return { messages: page.items, older: olderThan(page), isLoadingOlder: false };
}

/** Put an older page in front. */
export function withOlder(timeline: Timeline, page: Page<Message>): Timeline {
  const first = timeline.messages[0]?.seq ?? Number.POSITIVE_INFINITY;
  const older = page.items.filter((message) => message.seq < first);
  return {
    messages: [...older, ...timeline.messages],
    older: olderThan(page),
    isLoadingOlder: false,
  };
}

/** Let go of the oldest messages if there are very many; they can be read again. */
export function trimmed(timeline: Timeline): Timeline {
  if (timeline.messages.length <= MOST_KEPT) return timeline;
  const messages = timeline.messages.slice(-LEAST_KEPT);
  return { messages, older: messages[0]?.seq ?? null, isLoadingOlder: false };
}

/** Apply one durable change; `me` is the reader's id. */
export function withChange(timeline: Timeline, change: Change, me: string): Timeline {
  switch (change.type) {
    case "message":
      return withMessage(timeline, change.message);
    case "message_edited":
      return changed(timeline, change.id, (message) => {
        if (message.rev >= change.rev || message.deleted_at !== null) return message;
        const { content, rev, edited_at } = change;
        const deleted_at = change.deleted_at ?? message.deleted_at;
        return { ...message, content, rev, edited_at, deleted_at };
      });
    case "message_deleted":
      return changed(timeline, change.id, (message) =>
        message.deleted_at === null
          ? { ...message, content: "", deleted_at: change.deleted_at, reactions: [] }
          : message,
      );
    case "reaction_added":
    case "reaction_removed":
      return changed(timeline, change.message_id, (message) => {
        const step = { emoji: change.emoji, isAdded: change.type === "reaction_added" };
        return withReaction(message, { ...step, isMine: change.person.id === me });
      });
    default:
      return timeline;
  }
}

function olderThan({ items, next }: Page<Message>): number | null {
  return next === null ? null : (items[0]?.seq ?? null);
}

function withMessage(timeline: Timeline, message: Message): Timeline {
  const { messages } = timeline;
  const known = messages.find(({ id }) => id === message.id);
  if (known) return changed(timeline, message.id, () => newer(known, message));
  const after = messages.findLastIndex(({ seq }) => seq < message.seq) + 1;
  return { ...timeline, messages: messages.toSpliced(after, 0, message) };
}

/** An event tells no reactions, so those that are known stay. */
function newer(known: Message, told: Message): Message {
  if (told.rev <= known.rev && told.deleted_at === known.deleted_at) return known;
  return { ...told, reactions: known.reactions };
}

function changed(timeline: Timeline, id: string, change: (message: Message) => Message): Timeline {
  const at = timeline.messages.findLastIndex((message) => message.id === id);
  const before = timeline.messages[at];
  if (!before) return timeline;
  const after = change(before);
  if (after === before) return timeline;
  return { ...timeline, messages: timeline.messages.with(at, after) };
}

interface Step {
  readonly emoji: string;
  readonly isAdded: boolean;
  readonly isMine: boolean;
}

function withReaction(message: Message, step: Step): Message {
  const known = message.reactions.find(({ emoji }) => emoji === step.emoji);
  const before = known ?? { emoji: step.emoji, count: 0, mine: false };
  const after = stepped(before, step);
  if (after === before) return message;
  const reactions = known
    ? message.reactions.map((reaction) => (reaction === known ? after : reaction))
    : [...message.reactions, after];
  return { ...message, reactions: reactions.filter(({ count }) => count > 0) };
}

/** My own reaction is on or off, so telling it twice changes nothing. */
function stepped(reaction: Reaction, { isAdded, isMine }: Step): Reaction {
  if (isMine && reaction.mine === isAdded) return reaction;
  const count = Math.max(0, reaction.count + (isAdded ? 1 : -1));
  return { ...reaction, count, mine: isMine ? isAdded : reaction.mine };
}
