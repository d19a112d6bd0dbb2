import { describe, expect, test } from "vitest";
import { rowsOf } from "#app/conversation/rows.ts";
import { sentenceFor } from "#app/conversation/Typing.tsx";
import { dayOf } from "#app/conversation/time.ts";
import { routeOf } from "#app/router.ts";
import { initialsOf } from "#app/ui/Avatar.tsx";
import { ALICE, BOB } from "../support/frames.ts";
import { messageOf } from "../support/messages.ts";

const MORNING = new Date(2026, 2, 1, 10, 0).toISOString();
const SOON = new Date(2026, 2, 1, 10, 4).toISOString();
const LATER = new Date(2026, 2, 1, 10, 30).toISOString();
const NEXT_DAY = new Date(2026, 2, 2, 0, 1).toISOString();

function keysOf(rows: ReturnType<typeof rowsOf>): string[] {
  return rows.map((row) =>
    row.type === "message" ? `${row.key}${row.isFollowUp ? "+" : ""}` : row.type,
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

    expect(keysOf(rowsOf(messages, null, ALICE.id))).toEqual(["day", "m1", "m2+", "m3", "m4"]);
  });

  test("begin anew with the day", () => {
    const messages = [messageOf(1, { created_at: LATER }), messageOf(2, { created_at: NEXT_DAY })];

    expect(keysOf(rowsOf(messages, null, ALICE.id))).toEqual(["day", "m1", "day", "m2"]);
  });

  test("show where the unread ones of others begin", () => {
    const messages = [
      messageOf(1, { created_at: MORNING }),
      messageOf(2, { created_at: MORNING, author: ALICE }),
      messageOf(3, { created_at: MORNING, author: BOB }),
      messageOf(4, { created_at: MORNING, author: BOB }),
    ];

    expect(keysOf(rowsOf(messages, { after: 1, upTo: 4 }, ALICE.id))).toEqual([
      "day",
      "m1",
      "m2",
      "unread",
      "m3",
      "m4+",
    ]);
  });

  test("show no such line before what came while the reader looked", () => {
    const messages = [messageOf(1), messageOf(3)];

    expect(keysOf(rowsOf(messages, { after: 1, upTo: 2 }, ALICE.id))).not.toContain("unread");
  });
});

test("days are named as people name them", () => {
  const now = new Date(2026, 2, 2, 12, 0).getTime();

  expect(dayOf(NEXT_DAY, now)).toBe("Today");
  expect(dayOf(MORNING, now)).toBe("Yesterday");
  expect(dayOf(new Date(2025, 5, 1).toISOString(), now)).toMatch(/2025/);
});

test.each([
  [[], ""],
  [["Bob"], "Bob is typing"],
  [["Bob", "Charlie"], "Bob and Charlie are typing"],
  [["Bob", "Charlie", "Dora"], "Several people are typing"],
])("who types is said in few words: %s", (names, sentence) => {
  expect(sentenceFor(names)).toBe(sentence);
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
