import { describe, expect, test } from "vitest";
import type { Change } from "#protocol/frames.ts";
import { EMPTY_TIMELINE, messageIn, type Timeline, withChange } from "#state/timeline.ts";
import { fromPage } from "#state/windows.ts";
import type { Message, Person } from "#wire/shapes.ts";
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

  test("beyond a stretch that does not reach the end have no place yet", () => {
    const timeline = { ...timelineOf(messageOf(1), messageOf(4)), newer: 4 };

    expect(applied(timeline, told(messageOf(9)))).toBe(timeline);
    expect(applied(timeline, told(messageOf(2))).messages).toHaveLength(3);
  });

  test("are found by their id, answered ones as well", () => {
    const timeline = { ...timelineOf(messageOf(5)), answered: { m1: messageOf(1), m2: null } };

    expect(messageIn(timeline, "m5")?.seq).toBe(5);
    expect(messageIn(timeline, "m1")?.seq).toBe(1);
    expect(messageIn(timeline, "m2")).toBeNull();
    expect(messageIn(timeline, "m3")).toBeUndefined();
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

test("changes reach a message that is only answered here", () => {
  const timeline = { ...timelineOf(messageOf(5)), answered: { m1: messageOf(1) } };

  const { answered } = applied(timeline, {
    type: "message_deleted",
    id: "m1",
    deleted_at: "t",
    author: null,
  });

  expect(answered.m1).toMatchObject({ content: "", deleted_at: "t" });
});

test("a deletion leaves an empty place, told once or twice", () => {
  const change: Change = { type: "message_deleted", id: "m1", deleted_at: "t", author: null };

  const { messages } = applied(timelineOf(messageOf(1)), change, change);

  expect(messages).toMatchObject([{ content: "", deleted_at: "t", reactions: [] }]);
  expect(messages[0]?.author).toEqual(messageOf(1).author);
});

test("a deletion for an author who was erased takes their name too", () => {
  const author: Person = { ...messageOf(1).author, name: "Deleted user" };
  const change: Change = { type: "message_deleted", id: "m1", deleted_at: "t", author };

  const { messages } = applied(timelineOf(messageOf(1)), change);

  expect(messages[0]?.author.name).toBe("Deleted user");
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
