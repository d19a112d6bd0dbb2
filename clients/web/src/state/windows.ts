/**
 * Pages of history put together into a timeline: one stretch of a room without holes.
 *
 * It grows at both ends. Where it reaches the end of the room, live events go on from there.
 */

import type { Page } from "#api/pages.ts";
import { EMPTY_TIMELINE, type Timeline } from "#state/timeline.ts";
import type { Message } from "#wire/shapes.ts";

/** Beyond so many messages a reader at the end keeps only the newest: they fill memory for ever. */
const MOST_KEPT = 10_000;
const LEAST_KEPT = 1_000;

/** Start over with the newest page. */
export function fromPage(page: Page<Message>): Timeline {
  const messages = page.items;
  return { ...EMPTY_TIMELINE, origin: messages, messages, older: olderThan(page) };
}

/** Start over with `page`, which has up to `most` messages on both sides of a seq, half of them newer. */
export function fromMiddle(page: Page<Message>, seq: number, most: number): Timeline {
  const newer = page.items.filter((message) => message.seq > seq).length;
  const isAtEnd = newer < Math.floor(most / 2);
  return { ...fromPage(page), newer: isAtEnd ? null : lastSeq(page.items) };
}

/** Put an older page in front. */
export function withOlder(timeline: Timeline, page: Page<Message>): Timeline {
  const first = timeline.messages[0]?.seq ?? Number.POSITIVE_INFINITY;
  const older = page.items.filter((message) => message.seq < first);
  return {
    ...timeline,
    messages: [...older, ...timeline.messages],
    // A page with nothing new in it leads nowhere, whatever it says.
    older: older.length === 0 ? null : olderThan(page),
    isLoadingOlder: false,
  };
}

/** Put a newer page behind. */
export function withNewer(timeline: Timeline, page: Page<Message>): Timeline {
  const last = lastSeq(timeline.messages) ?? 0;
  const newer = page.items.filter((message) => message.seq > last);
  return {
    ...timeline,
    messages: [...timeline.messages, ...newer],
    newer: page.next === null ? null : lastSeq(newer),
    isLoadingNewer: false,
  };
}

/** Let go of the oldest messages if there are very many; they can be read again. */
export function trimmed(timeline: Timeline): Timeline {
  if (timeline.messages.length <= MOST_KEPT || timeline.newer !== null) return timeline;
  const messages = timeline.messages.slice(-LEAST_KEPT);
  return { ...timeline, messages, older: messages[0]?.seq ?? null, isLoadingOlder: false };
}

function olderThan({ items, next }: Page<Message>): number | null {
  return next === null ? null : (items[0]?.seq ?? null);
}

function lastSeq(messages: readonly Message[]): number | null {
  return messages.at(-1)?.seq ?? null;
}
