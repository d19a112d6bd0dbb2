import { describe, expect, test } from "vitest";
import { type Row, rowsOf, withUnsent } from "#app/conversation/list/rows.ts";
import { sentenceFor as newSentence } from "#app/conversation/list/UnreadBar.tsx";
import { dayOf } from "#app/conversation/time.ts";
import { routeOf } from "#app/router.ts";
import { initialsOf } from "#app/ui/Avatar.tsx";
import { ALICE, BOB } from "../support/frames.ts";
import { messageOf, unsent } from "../support/messages.ts";

const MORNING = new Date(2026, 2, 1, 10, 0).toISOString();
const SOON = new Date(2026, 2, 1, 10, 4).toISOString();
const LATER = new Date(2026, 2, 1, 10, 30).toISOString();
const NEXT_DAY = new Date(2026, 2, 2, 0, 1).toISOString();

const NEW = { after: 1, upTo: 4 };
const READING = { isFromStart: false, unseen: null, me: ALICE.id };

function keysOf(rows: readonly Row[]): string[] {
  return rows.map((row) =>
    row.type === "message" || row.type === "unsent"
      ? `${row.key}${row.isFollowUp ? "+" : ""}`
      : row.type,
  );
}

describe("the lines of a room", () => {
  test("stand together when one author goes on within five minutes", () => {
    const messages = [
      messageOf(1, { created_at: MORNING }),
      messageOf(2, { created_at: SOON }),
      messageOf(3, { created_at: SOON, author: ALICE }),
      messageOf(4, { created_at: LATER, author: ALICE }),
    ];

    expect(keysOf(rowsOf(messages, READING).rows)).toEqual([
      "day",
      "m1",
      "m2+",
      "own-c3",
      "own-c4",
    ]);
  });

  test("begin anew with the day", () => {
    const messages = [messageOf(1, { created_at: LATER }), messageOf(2, { created_at: NEXT_DAY })];

    expect(keysOf(rowsOf(messages, READING).rows)).toEqual(["day", "m1", "day", "m2"]);
  });

  test("show where the unread ones of others begin", () => {
    const messages = [
      messageOf(1, { created_at: MORNING }),
      messageOf(2, { created_at: MORNING, author: ALICE }),
      messageOf(3, { created_at: MORNING, author: BOB }),
      messageOf(4, { created_at: MORNING, author: BOB }),
    ];

    const { rows, unreadAt, unreadCount } = rowsOf(messages, { ...READING, unseen: NEW });

    expect(keysOf(rows)).toEqual(["day", "m1", "own-c2", "unread", "m3", "m4+"]);
    expect(unreadAt).toBe(3);
    expect(unreadCount).toBe(2);
  });

  test("show no such line before what came while the reader looked", () => {
    const messages = [messageOf(1), messageOf(3)];

    const { rows, unreadAt } = rowsOf(messages, { ...READING, unseen: { after: 1, upTo: 2 } });

    expect(keysOf(rows)).not.toContain("unread");
    expect(unreadAt).toBeNull();
  });

  test("show no such line where more that is unread may lie above", () => {
    const messages = [messageOf(3), messageOf(4)];

    const { rows, unreadAt, unreadCount } = rowsOf(messages, { ...READING, unseen: NEW });

    expect(keysOf(rows)).not.toContain("unread");
    expect(unreadAt).toBeNull();
    expect(unreadCount).toBe(2);
  });

  test("say where the room begins", () => {
    const { rows } = rowsOf([messageOf(1)], { ...READING, isFromStart: true });

    expect(keysOf(rows)).toEqual(["start", "day", "m1"]);
    expect(rowsOf([], { ...READING, isFromStart: true }).rows).toEqual([]);
  });

  test("of ten thousand messages are made anew within a frame", () => {
    const many = Array.from({ length: 10_000 }, (_, index) => messageOf(index));
    const lasted = Array.from({ length: 10 }, () => {
      const began = performance.now();
      rowsOf([...many], READING);
      return performance.now() - began;
    });

    // The quickest: what else the machine does is not counted.
    expect(Math.min(...lasted)).toBeLessThan(16);
  });
});

describe("what is not sent yet", () => {
  const now = new Date(MORNING).getTime();
  const mine = messageOf(1, { author: ALICE, created_at: MORNING });

  test("stands below, together with what its author wrote just before", () => {
    const { rows } = rowsOf([mine], READING);
    const items = [
      unsent("x", { written_at: now + 1_000 }),
      unsent("y", { written_at: now + 2_000 }),
    ];

    expect(keysOf(withUnsent(rows, items, ALICE.id))).toEqual([
      "day",
      "own-c1",
      "own-x+",
      "own-y+",
    ]);
  });

  test("does not stand together with what somebody else wrote, or long ago", () => {
    const { rows } = rowsOf([messageOf(1, { created_at: MORNING })], READING);
    const items = [unsent("x", { written_at: now }), unsent("y", { written_at: now + 600_000 })];

    expect(keysOf(withUnsent(rows, items, ALICE.id)).slice(2)).toEqual(["own-x", "own-y"]);
  });

  test("keeps its line when it is sent, and is never there twice", () => {
    const items = [unsent("c1", { written_at: now })];
    const before = withUnsent([], items, ALICE.id);

    const after = withUnsent(rowsOf([mine], READING).rows, items, ALICE.id);

    expect(after.at(-1)?.key).toBe(before[0]?.key);
    expect(keysOf(after)).toEqual(["day", "own-c1"]);
  });
});

test.each([
  [0, null, "New messages above"],
  [100, null, "More than 100 new messages"],
  [1, SOON, /^1 new message since \d/],
  [7, SOON, /^7 new messages since \d/],
])("what is new above is said in few words: %s since %s", (count, since, sentence) => {
  expect(newSentence(count, since)).toMatch(sentence);
});

test("days are named as people name them", () => {
  const now = new Date(2026, 2, 2, 12, 0).getTime();

  expect(dayOf(NEXT_DAY, now)).toBe("Today");
  expect(dayOf(MORNING, now)).toBe("Yesterday");
  expect(dayOf(new Date(2025, 5, 1).toISOString(), now)).toMatch(/2025/);
});

test.each([
  ["Alice Winter", "AW"],
  ["bob", "B"],
  ["Anna Maria von Berg", "AB"],
  ["🦊 Fox", "🦊F"],
  ["", ""],
])("the initials of %s", (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});

test.each([
  ["/", { page: "rooms" }],
  ["/login", { page: "login" }],
  ["/register/", { page: "register" }],
  ["/setup", { page: "setup" }],
  ["/rooms", { page: "rooms" }],
  ["/rooms/0198-ab", { page: "room", roomId: "0198-ab" }],
  ["/rooms/a/b", { page: "unknown" }],
  ["/rooms/..%2f", { page: "unknown" }],
])("the path %s is a page", (path, route) => {
  expect(routeOf(path)).toEqual(route);
});
