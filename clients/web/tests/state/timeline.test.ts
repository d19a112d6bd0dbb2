import { describe, expect, test } from "vitest";
import type { Change } from "#protocol/frames.ts";
import {
  EMPTY_TIMELINE,
  fromPage,
  type Timeline,
  trimmed,
  withChange,
  withOlder,
} from "#state/timeline.ts";
import type { Message } from "#wire/shapes.ts";
import { ALICE, BOB, CHARLIE } from "../support/frames.ts";
import { messageOf } from "../support/messages.ts";

function timelineOf(...messages: Message[]): Timeline {
  return fromPage({ items: messages, next: null });
}

function applied(timeline: Timeline, ...changes: Change[]): Timeline {
  return changes.reduce((before, change) => withChange(before, change, ALICE.id), timeline);
}

function told(message: Message): Change {
  return { type: "message", message };
}

function reaction(type: "reaction_added" | "reaction_removed", person = BOB): Change {
  return { type, message_id: "m1", person, emoji: "👍" };
}

describe("messages", () => {
  test("stand in the order of their seq", () => {
    const timeline = applied(
      EMPTY_TIMELINE,
      told(messageOf(2)),
      told(messageOf(4)),
      told(messageOf(3)),
    );

    expect(timeline.messages.map(({ seq }) => seq)).toEqual([2, 3, 4]);
  });

  test("told twice stand once", () => {
    const timeline = timelineOf(messageOf(1));

    expect(applied(timeline, told(messageOf(1)))).toBe(timeline);
  });

  test("told in a newer state keep their reactions", () => {
    const reactions = [{ emoji: "👍", count: 1, mine: false }];
    const timeline = timelineOf(messageOf(1, { reactions }));

    const { messages } = applied(timeline, told(messageOf(1, { rev: 2, content: "new" })));

    expect(messages).toMatchObject([{ content: "new", reactions }]);
  });

  test("of older pages stand in front, without those that are there", () => {
    const timeline = timelineOf(messageOf(3), messageOf(4));

    const older = withOlder(timeline, {
      items: [messageOf(1), messageOf(2), messageOf(3)],
      next: "more",
    });

    expect(older.messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(older.older).toBe(1);
  });

  test("that are very many are let go from the oldest on, to be read again", () => {
    const many = Array.from({ length: 401 }, (_, index) => messageOf(index + 1));

    const { messages, older } = trimmed(timelineOf(...many));

    expect(messages).toHaveLength(200);
    expect(messages.at(-1)?.seq).toBe(401);
    expect(older).toBe(202);
  });

  test("that are not so many all stay", () => {
    const timeline = timelineOf(messageOf(1));

    expect(trimmed(timeline)).toBe(timeline);
  });
});

describe("an edit", () => {
  const edit = { type: "message_edited", id: "m1", edited_at: "t", deleted_at: null } as const;

  test("changes the text", () => {
    const timeline = applied(timelineOf(messageOf(1)), { ...edit, content: "new", rev: 2 });

    expect(timeline.messages).toMatchObject([{ content: "new", rev: 2, edited_at: "t" }]);
  });

  test("that is older than what is known changes nothing", () => {
    const timeline = timelineOf(messageOf(1, { rev: 3, content: "newest" }));

    expect(applied(timeline, { ...edit, content: "new", rev: 2 })).toBe(timeline);
  });

  test("does not bring a deleted message back", () => {
    const timeline = timelineOf(messageOf(1, { content: "", deleted_at: "t" }));

    expect(applied(timeline, { ...edit, content: "new", rev: 2 })).toBe(timeline);
  });

  test("of a message that is not loaded changes nothing", () => {
    const timeline = timelineOf(messageOf(7));

    expect(applied(timeline, { ...edit, content: "new", rev: 2 })).toBe(timeline);
  });
});

test("a deletion leaves an empty place, told once or twice", () => {
  const change: Change = { type: "message_deleted", id: "m1", deleted_at: "t" };

  const { messages } = applied(timelineOf(messageOf(1)), change, change);

  expect(messages).toMatchObject([{ content: "", deleted_at: "t", reactions: [] }]);
});

describe("reactions", () => {
  test("of several people are counted", () => {
    const { messages } = applied(
      timelineOf(messageOf(1)),
      reaction("reaction_added"),
      reaction("reaction_added", CHARLIE),
      reaction("reaction_added", ALICE),
    );

    expect(messages[0]?.reactions).toEqual([{ emoji: "👍", count: 3, mine: true }]);
  });

  test("of my own count once, however often they are told", () => {
    const { messages } = applied(
      timelineOf(messageOf(1)),
      reaction("reaction_added", ALICE),
      reaction("reaction_added", ALICE),
    );

    expect(messages[0]?.reactions).toEqual([{ emoji: "👍", count: 1, mine: true }]);
  });

  test("that nobody has any more go away", () => {
    const { messages } = applied(
      timelineOf(messageOf(1)),
      reaction("reaction_added"),
      reaction("reaction_removed"),
    );

    expect(messages[0]?.reactions).toEqual([]);
  });
});

test("changes of the room leave its messages alone", () => {
  const timeline = timelineOf(messageOf(1));

  expect(applied(timeline, { type: "room_deleted" }, { type: "unknown" })).toBe(timeline);
});
