/**
 * The messages of a room as they are now, in the order of their seq.
 *
 * Every change may be applied twice with the same result: what a page of history already contains is
 * told again by events that were under way while it was read.
 */

import type { Change } from "#protocol/frames.ts";
import type { Message, Reaction } from "#wire/shapes.ts";

export interface Timeline {
  /** The page that it began with: the same thing for as long as this stretch only grows. */
  readonly origin: readonly Message[];
  /** Oldest first, without holes. */
  readonly messages: readonly Message[];
  /** The page before the first message ends before this seq; null when there is none. */
  readonly older: number | null;
  /** The page after the last message begins after this seq; null where that is the room's end. */
  readonly newer: number | null;
  readonly isLoadingOlder: boolean;
  readonly isLoadingNewer: boolean;
  /** Messages elsewhere that are answered here, by id; null for one that cannot be read. */
  readonly answered: Readonly<Record<string, Message | null>>;
}

export const EMPTY_TIMELINE: Timeline = {
  origin: [],
  messages: [],
  older: null,
  newer: null,
  isLoadingOlder: false,
  isLoadingNewer: false,
  answered: {},
};

/** Return a message that is here or is answered here; undefined if it is not known. */
export function messageIn(timeline: Timeline, id: string): Message | null | undefined {
  return placesIn(timeline.messages).get(id) ?? timeline.answered[id];
}

const PLACES = new WeakMap<readonly Message[], ReadonlyMap<string, Message>>();

/** Made when somebody asks, and once for each list: most changes ask for nothing. */
function placesIn(messages: readonly Message[]): ReadonlyMap<string, Message> {
  const known = PLACES.get(messages);
  if (known) return known;
  const places = new Map(messages.map((message) => [message.id, message]));
  PLACES.set(messages, places);
  return places;
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
      return changed(timeline, change.id, (message) => {
        if (message.deleted_at !== null) return message;
        const { deleted_at, author } = change;
        return {
          ...message,
          author: author ?? message.author,
          content: "",
          deleted_at,
          reactions: [],
        };
      });
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

/** Beyond what is loaded a message has no place yet: the pages between will bring it. */
function withMessage(timeline: Timeline, message: Message): Timeline {
  const { messages } = timeline;
  const after = messages.findLastIndex(({ seq }) => seq <= message.seq) + 1;
  const before = messages[after - 1];
  if (before?.id === message.id) return changed(timeline, message.id, () => newer(before, message));
  if (after === 0 && timeline.older !== null) return timeline;
  if (after === messages.length && timeline.newer !== null) return timeline;
  return { ...timeline, messages: messages.toSpliced(after, 0, message) };
}

/** An event tells no reactions, so those that are known stay. */
function newer(known: Message, told: Message): Message {
  if (told.rev <= known.rev && told.deleted_at === known.deleted_at) return known;
  return { ...told, reactions: known.reactions };
}

function changed(timeline: Timeline, id: string, change: (message: Message) => Message): Timeline {
  const at = timeline.messages.findLastIndex((message) => message.id === id);
  const before = timeline.messages[at] ?? timeline.answered[id];
  if (!before) return timeline;
  const after = change(before);
  if (after === before) return timeline;
  if (at >= 0) return { ...timeline, messages: timeline.messages.with(at, after) };
  return { ...timeline, answered: { ...timeline.answered, [id]: after } };
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
