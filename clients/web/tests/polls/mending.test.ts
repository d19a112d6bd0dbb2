import { describe, expect, test } from "vitest";
import { Greeting } from "#polls/mending.ts";
import { object } from "#wire/read.ts";
import { ALICE, position } from "../support/frames.ts";

function greeting(...rooms: readonly object[]): Greeting {
  return new Greeting(object({ person: ALICE, rooms }));
}

const NOBODY = () => false;
const EVERYBODY = () => true;

describe("between two greetings", () => {
  test("nothing may have happened", () => {
    const before = greeting(position("A", 3));
    const now = greeting(position("A", 3));

    expect(now.newsSince(before, NOBODY)).toEqual([]);
    expect(now.enteredSince(before)).toEqual([]);
  });

  test("a room that is not listened to may have grown", () => {
    const before = greeting(position("A", 3));
    const now = greeting({ ...position("A", 5), read_seq: 3, unread: 2, mentions: 1 });

    expect(now.newsSince(before, NOBODY)).toEqual([
      { type: "room_head", room_id: "A", data: { head_seq: 5, unread: 2, mentions: 1 } },
    ]);
  });

  test("of a room that is listened to only what was read elsewhere is news", () => {
    const before = greeting({ ...position("A", 5), read_seq: 3 });
    const now = greeting({ ...position("A", 9), read_seq: 5 });

    expect(now.newsSince(before, EVERYBODY)).toEqual([
      { type: "receipt", room_id: "A", data: { person_id: "alice", read_seq: 5 } },
    ]);
  });

  test("one may have come into a room, and out of another", () => {
    const before = greeting(position("A", 3));
    const now = greeting(position("B", 1));

    expect(now.enteredSince(before)).toEqual(["B"]);
    expect(now.newsSince(before, EVERYBODY)).toEqual([
      { type: "room_removed", data: { room_id: "A", reason: "left" } },
    ]);
  });

  test("a room may only have moved down, of somebody who is in very many", () => {
    const many = Array.from({ length: 200 }, (_, number) => position(`r${number}`, 1));
    const before = greeting(position("A", 3));

    expect(greeting(...many).newsSince(before, EVERYBODY)).toEqual([]);
  });
});

test("a greeting tells how far a room was read", () => {
  const told = greeting({ ...position("A", 5), read_seq: 4 });

  expect(told.readIn("A")).toBe(4);
  expect(told.readIn("B")).toBe(0);
});
