import { describe, expect, test } from "vitest";
import type { MyRoom } from "#api/messages.ts";
import type { Presence, RoomEvent } from "#protocol/frames.ts";
import {
  inOrder,
  listing,
  only,
  type Rooms,
  titleOf,
  unreadIn,
  withEvent,
  withHead,
  withoutRoom,
  withPositions,
  withRead,
  withRoom,
} from "#state/roomlist.ts";
import { countOf, fromJoined, fromSnapshot, withPresence } from "#state/roster.ts";
import type { Room } from "#wire/shapes.ts";
import { ALICE, BOB } from "../support/frames.ts";
import { messageOf } from "../support/messages.ts";
import { ROOM } from "../support/world.ts";

function room(id: string, title = id): Room {
  return { ...ROOM, id, title, topic: "" };
}

function roomsOf(...ids: string[]): Rooms {
  return listing(
    {},
    ids.map((id) => told(id)),
    {},
  );
}

/** A room as the list of one's own tells it. */
function told(id: string, other: Partial<MyRoom> = {}): MyRoom {
  const standing = { unread: 0, mentions: 0, read_seq: 0, head_seq: 0 };
  return { room: room(id), room_id: id, ...standing, last: null, last_at: null, ...other };
}

function message(seq: number, author = BOB): RoomEvent {
  return { room_id: "A", seq, change: { type: "message", message: messageOf(seq, { author }) } };
}

describe("the list of rooms", () => {
  test("has what was active last on top, and what has only just come above that", () => {
    const at = (day: number) => ({ last_at: `2026-03-0${day}T10:00:00Z` });
    const known = listing({}, [told("A", at(1)), told("B", at(2)), told("C", at(1))], {});
    const rooms = withRoom(known, room("D"));

    expect(inOrder(rooms, "alice").map((listed) => listed.room.id)).toEqual(["D", "B", "A", "C"]);
  });

  test("moves a room up that something was said in, and says what", () => {
    const before = listing({}, [told("A", { last_at: "2026-03-01T00:00:00Z" })], {});

    const rooms = withEvent(before, message(3), ALICE.id);

    expect(rooms.A).toMatchObject({
      last: { id: "m3", author: BOB },
      last_at: messageOf(3).created_at,
    });
  });

  test("follows what becomes of a last message", () => {
    const rooms = withEvent(roomsOf("A"), message(3), ALICE.id);
    const become = (seq: number, change: RoomEvent["change"]) =>
      withEvent(rooms, { room_id: "A", seq, change }, ALICE.id).A?.last;
    const edited = { type: "message_edited", id: "m3", content: "new", rev: 2 } as const;

    expect(become(4, { ...edited, edited_at: "t", deleted_at: null })?.content).toBe("new");
    expect(
      become(4, { type: "message_deleted", id: "m3", deleted_at: "t", author: null }),
    ).toBeNull();
  });

  test("read again forgets rooms and keeps what is unread", () => {
    const head = { room_id: "A", head_seq: 9, unread: 2, mentions: 1 };
    const rooms = withHead(roomsOf("A", "B"), head, 0);
    const named = [told("A", { room: room("A", "renamed") }), told("C")];

    const again = only(listing(rooms, named, rooms), named, rooms);

    expect(again.A).toMatchObject({ unread: 2, mentions: 1, room: { title: "renamed" } });
    expect(Object.keys(again)).toEqual(["A", "C"]);
  });

  test("keeps what came and went while the server was asked", () => {
    const before = roomsOf("A", "B");
    const now = withRoom(withoutRoom(before, "B"), room("C"));

    const named = [told("A"), told("B")];
    const again = only(listing(now, named, before), named, before);

    expect(Object.keys(again).sort()).toEqual(["A", "C"]);
  });

  test("calls a direct room by the others in it", () => {
    const direct = { ...room("D", ""), kind: "direct", people: [ALICE, BOB] } as const;

    expect(titleOf(direct, ALICE.id)).toBe("Bob");
    expect(titleOf(direct, BOB.id)).toBe("Alice");
    expect(titleOf(room("E", ""), ALICE.id)).toBe("Direct messages");
  });

  test("grows and shrinks by one", () => {
    const rooms = withoutRoom(withRoom(roomsOf("A"), room("B")), "A");

    expect(Object.keys(rooms)).toEqual(["B"]);
  });

  test("takes positions of its own rooms only", () => {
    const position = { unread: 4, mentions: 0, head_seq: 9, read_seq: 5, epoch: "e", role: null };
    const rooms = withPositions(roomsOf("A"), [
      { room_id: "A", ...position },
      { room_id: "X", ...position },
    ]);

    expect(rooms).toMatchObject({ A: { unread: 4, head: 9, read: 5 } });
    expect(unreadIn(rooms)).toBe(4);
  });
});

describe("what is unread", () => {
  test("grows by others' messages and not by my own", () => {
    const rooms = [message(1), message(2, ALICE), message(3)].reduce(
      (before, event) => withEvent(before, event, ALICE.id),
      roomsOf("A"),
    );

    expect(rooms.A).toMatchObject({ unread: 2, head: 3 });
  });

  test("that names the reader is a mention", () => {
    const change = { type: "message", message: messageOf(1, { mentions: ["alice"] }) } as const;

    const rooms = withEvent(roomsOf("A"), { room_id: "A", seq: 1, change }, ALICE.id);

    expect(rooms.A).toMatchObject({ unread: 1, mentions: 1 });
  });

  test("is what was heard last, when the server's count is older", () => {
    const rooms = withEvent(roomsOf("A"), message(3), ALICE.id);
    const old = told("A", { head_seq: 2, read_seq: 2 });

    expect(listing(rooms, [old], rooms)).toMatchObject({
      A: { unread: 1, head: 3, last: { id: "m3" } },
    });
  });

  test("is what the server counts on a new connection, also in another history", () => {
    const rooms = withEvent(roomsOf("A"), message(30), ALICE.id);
    const restored = { room_id: "A", unread: 2, mentions: 0, head_seq: 9, read_seq: 4 };

    expect(withPositions(rooms, [{ ...restored, epoch: "e2", role: "member" }])).toMatchObject({
      A: { unread: 2, head: 9 },
    });
  });

  test("is not counted again when it is replayed", () => {
    const rooms = [message(1), message(2), message(3)].reduce(
      (before, event) => withEvent(before, event, ALICE.id),
      listing({}, [told("A", { unread: 2, head_seq: 2 })], {}),
    );

    expect(rooms.A).toMatchObject({ unread: 3, head: 3 });
  });

  test("is what the reader has not read, also where the server is behind", () => {
    const read = withRead(withEvent(roomsOf("A"), message(3), ALICE.id), "A", 3);
    const behind = { room_id: "A", unread: 1, mentions: 0, head_seq: 3, read_seq: 2 };

    const again = listing(read, [told("A", behind)], read);
    expect(again.A).toMatchObject({ unread: 0, read: 3 });
    expect(withHead(read, { ...behind, head_seq: 4 }, 0).A).toMatchObject({ unread: 1, head: 4 });
  });

  test("is nothing once the room is read to its end, and reading never goes back", () => {
    const unread = withEvent(roomsOf("A"), message(3), ALICE.id);

    expect(withRead(unread, "A", 2).A).toMatchObject({ unread: 1, read: 2 });

    const read = withRead(unread, "A", 3);
    expect(read.A).toMatchObject({ unread: 0, read: 3 });
    expect(withRead(read, "A", 1)).toBe(read);
  });

  test("follows a new title", () => {
    const { kind: _, ...room } = { ...ROOM, title: "new", topic: "t" };
    const change = { type: "room_updated", ...room } as const;

    const rooms = withEvent(roomsOf("A"), { room_id: "A", seq: 4, change }, ALICE.id);

    expect(rooms.A).toMatchObject({ room: { title: "new", topic: "t" }, unread: 0, head: 4 });
  });

  test("of a room that is not mine is not counted", () => {
    const rooms = roomsOf("B");

    expect(withEvent(rooms, message(1), ALICE.id)).toBe(rooms);
  });
});

describe("the roster", () => {
  const online = (person_id: string, state: Presence["state"] = "online"): Presence => ({
    person_id,
    state,
    last_seen: null,
    status_text: null,
    rev: 1,
  });

  test("counts those that the server does not name", () => {
    expect(countOf(fromJoined(new Set(["alice", "bob"]), 140), null)).toBe(140);
  });

  test("follows people who come and go", () => {
    const roster = fromJoined(new Set(["alice"]), 1);

    const more = withPresence(roster, online("bob", "away"));
    expect([...more.online]).toEqual(["alice", "bob"]);
    expect(withPresence(more, online("bob"))).toBe(more);

    expect(countOf(withPresence(more, online("alice", "offline")), null)).toBe(1);
  });

  test("counts members only, since presence is told without a room", () => {
    const roster = withPresence(fromJoined(new Set(["alice"]), 1), online("bob"));

    expect(countOf(roster, [{ person: ALICE, role: "owner" }])).toBe(1);
  });

  test("claims nothing when the server does not know", () => {
    const unknown = fromJoined(new Set(["alice"]), null);

    expect(countOf(unknown, null)).toBeNull();
    expect(withPresence(unknown, online("bob"))).toBe(unknown);
    expect(countOf(fromSnapshot([], null), null)).toBeNull();
  });

  test("of a very large room is a number only", () => {
    expect(countOf(fromSnapshot([], 4_000), [])).toBe(4_000);
  });

  test("starts over with a snapshot", () => {
    const roster = fromSnapshot([online("alice"), online("bob", "offline")], 1);

    expect([...roster.online]).toEqual(["alice"]);
  });
});
