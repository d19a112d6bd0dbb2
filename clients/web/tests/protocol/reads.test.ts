import { expect, test } from "vitest";
import { Keystrokes } from "#protocol/keystrokes.ts";
import { Reads } from "#protocol/reads.ts";
import { renewalAt } from "#protocol/renewal.ts";

test("only the newest position of a room is told, once", () => {
  const reads = new Reads();
  reads.note("A", 3);
  reads.note("A", 7);
  reads.note("A", 5);

  expect(reads.take()).toEqual({ room_id: "A", seq: 7 });
  expect(reads.take()).toBeNull();
});

test("a position that the server has lost is told again", () => {
  const reads = new Reads();
  reads.note("A", 7);
  reads.note("B", 9);
  reads.take();
  reads.take();
  const known = { epoch: "e", head_seq: 9, unread: 0, mentions: 0, role: null };

  reads.compare([
    { ...known, room_id: "A", read_seq: 5 },
    { ...known, room_id: "B", read_seq: 9 },
  ]);

  expect(reads.take()).toEqual({ room_id: "A", seq: 7 });
  expect(reads.take()).toBeNull();
});

test("typing is said at the first key and then every 2.5 s", () => {
  const keystrokes = new Keystrokes();
  const said = [0, 100, 2_499, 2_500, 2_600].map((now) => keystrokes.note("A", true, now, 2_000));

  expect(said).toEqual([true, false, false, true, false]);
});

test("a server with a longer interval is obeyed", () => {
  const keystrokes = new Keystrokes();
  keystrokes.note("A", true, 0, 10_000);

  expect(keystrokes.note("A", true, 9_999, 10_000)).toBe(false);
});

test("stopping is said once, if the server would take it", () => {
  const keystrokes = new Keystrokes();
  keystrokes.note("A", true, 0, 2_000);
  expect(keystrokes.note("A", false, 2_000, 2_000)).toBe(true);
  expect(keystrokes.note("A", false, 3_000, 2_000)).toBe(false);

  keystrokes.note("A", true, 5_000, 2_000);
  expect(keystrokes.note("A", false, 5_500, 2_000)).toBe(false);
  expect(keystrokes.note("A", true, 5_600, 2_000)).toBe(false);
});

test.each([
  ["long", 900_000, 810_000],
  ["short", 40_000, 30_000],
  ["over", -5, 0],
])("a token with a %s life is renewed in time", (_, expiresAt, at) => {
  expect(renewalAt(0, expiresAt)).toBe(at);
});
