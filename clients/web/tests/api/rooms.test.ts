import { describe, expect, test } from "vitest";
import type { Call } from "#api/call.ts";
import { exchange } from "#api/http.ts";
import { MessagesApi } from "#api/messages.ts";
import { PeopleApi } from "#api/people.ts";
import { RoomsApi } from "#api/rooms.ts";
import { FakeServer, historyItem, mine, myRooms } from "../support/http.ts";

function apisOn(server: FakeServer) {
  const call: Call = async (request, read) => read(await exchange(server, request, "abc"));
  return {
    rooms: new RoomsApi(call),
    messages: new MessagesApi(call),
    people: new PeopleApi(call),
  };
}

const ROOM = {
  id: "A",
  kind: "public",
  title: "General",
  topic: "All",
  role: "owner",
  people: [],
};

describe("rooms", () => {
  test("mine are read page by page to the end", async () => {
    const server = new FakeServer()
      .once("GET /v1/rooms", 200, { items: [ROOM], next_cursor: "p2" })
      .on("GET /v1/rooms", 200, { items: [{ ...ROOM, id: "B" }], next_cursor: null });

    const rooms = await apisOn(server).rooms.mine();

    expect(rooms.map(({ id }) => id)).toEqual(["A", "B"]);
    expect(server.lines).toEqual([
      "GET /v1/rooms?scope=mine&limit=100",
      "GET /v1/rooms?scope=mine&limit=100&cursor=p2",
    ]);
  });

  test("a list without an end is cut off", async () => {
    const server = new FakeServer().on("GET /v1/rooms", 200, { items: [ROOM], next_cursor: "x" });

    expect(await apisOn(server).rooms.mine()).toHaveLength(10);
  });

  test("public ones are searched for", async () => {
    const server = new FakeServer().on("GET /v1/rooms", 200, { items: [ROOM], next_cursor: "p2" });

    const page = await apisOn(server).rooms.browse("gen & co", null);

    expect(page).toMatchObject({ items: [ROOM], next: "p2" });
    expect(server.lines).toEqual(["GET /v1/rooms?scope=public&q=gen+%26+co"]);
  });

  test("a room is created with its own key", async () => {
    const server = new FakeServer().on("POST /v1/rooms", 201, { ...ROOM, topic: null });
    const wanted = { kind: "public", title: "General", topic: "", key: "k1" } as const;

    const room = await apisOn(server).rooms.create(wanted);

    expect(room).toMatchObject({ ...ROOM, topic: "" });
    expect(server.asked).toMatchObject([
      { body: { kind: "public", title: "General" }, headers: { "idempotency-key": "k1" } },
    ]);
  });

  test("somebody is taken in as a member", async () => {
    const server = new FakeServer().on("PUT /v1/rooms/A/members/bob", 200, {});

    await apisOn(server).rooms.add("A", "bob");

    expect(server.asked).toMatchObject([{ body: { role: "member" } }]);
  });

  test("a direct one is found by its people", async () => {
    const people = [{ kind: "user", id: "bob", name: "Bob" }];
    const direct = { ...ROOM, kind: "direct", title: "", people };
    const server = new FakeServer().on("POST /v1/direct", 200, direct);

    const room = await apisOn(server).rooms.direct(["bob"]);

    expect(room.people).toEqual(people);
    expect(server.asked).toMatchObject([{ body: { user_ids: ["bob"] } }]);
  });

  test("a kind of a newer server counts as private", async () => {
    const server = new FakeServer().on("GET /v1/rooms/A", 200, { ...ROOM, kind: "lagoon" });

    expect((await apisOn(server).rooms.get("A")).kind).toBe("private");
  });

  test("members are people with roles", async () => {
    const person = { kind: "user", id: "bob", name: "Bob" };
    const items = [{ person, role: "admin", since: "t" }];
    const server = new FakeServer().on("GET /v1/rooms/A/members", 200, { items });

    expect(await apisOn(server).rooms.members("A")).toEqual([{ person, role: "admin" }]);
  });

  test("joining and leaving need no answer", async () => {
    const server = new FakeServer()
      .on("POST /v1/rooms/A/join", 204)
      .on("POST /v1/rooms/A/leave", 204);
    const { rooms } = apisOn(server);

    await rooms.join("A");
    await rooms.leave("A");

    expect(server.lines).toEqual(["POST /v1/rooms/A/join", "POST /v1/rooms/A/leave"]);
  });
});

describe("messages", () => {
  test("a page of history keeps its order and its cursor", async () => {
    const reactions = [{ emoji: "👍", count: 2, mine: true }];
    const items = [historyItem(4, { reactions }), historyItem(5, { content: "", deleted_at: "t" })];
    const server = new FakeServer().on("GET /v1/rooms/A/messages", 200, {
      items,
      next_cursor: "older",
    });

    const page = await apisOn(server).messages.history("A", { before_seq: 9 });

    expect(server.lines).toEqual(["GET /v1/rooms/A/messages?limit=100&before_seq=9"]);
    expect(page.next).toBe("older");
    expect(page.items).toMatchObject([
      { id: "m4", seq: 4, reactions, edited_at: null },
      { id: "m5", seq: 5, content: "", deleted_at: "t" },
    ]);
  });

  test("the rooms of a person say what is unread, and what was said last", async () => {
    const standing = { unread: 2, mentions: 1, read_seq: 3, head_seq: 5 };
    const server = new FakeServer().on("GET /v1/me/rooms", 200, myRooms(mine(ROOM, standing)));

    const page = await apisOn(server).messages.rooms("p2");

    expect(page.items).toMatchObject([{ room_id: "A", room: ROOM, ...standing, last: null }]);
    expect(server.lines).toEqual(["GET /v1/me/rooms?limit=100&cursor=p2"]);
  });
});

test("people are searched for by their names", async () => {
  const bob = { kind: "user", id: "bob", name: "Bob" };
  const server = new FakeServer().on("GET /v1/users", 200, { items: [bob], next_cursor: null });

  expect(await apisOn(server).people.find("bo")).toEqual({ items: [bob], next: null });

  expect(server.lines).toEqual(["GET /v1/users?q=bo&limit=20"]);
});
