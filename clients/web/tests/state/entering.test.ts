import { describe, expect, test } from "vitest";
import { ALICE } from "../support/frames.ts";
import { historyItem, mine, myRooms } from "../support/http.ts";
import { HISTORY, opened, settled, World } from "../support/world.ts";

describe("opening a room", () => {
  test("attaches it and reads room, members and, once joined, its history", async () => {
    const world = await new World().connect();
    world.server.on(HISTORY, 200, { items: [historyItem(1)], next_cursor: "older" });

    world.app.conversations.open("A");
    world.tellJoined({ head_seq: 3, read_seq: 1 });
    await settled();

    expect(world.client.wishes.at(-1)).toEqual({ is: "attach", room_id: "A" });
    expect(world.server.lines.filter((line) => line.startsWith(HISTORY))).toHaveLength(1);
    expect(world.conversation).toMatchObject({
      loading: { phase: "ready" },
      room: { title: "General" },
      timeline: { older: 1, messages: [{ id: "m1" }] },
      members: [{ person: ALICE }],
      unseen: { after: 1, upTo: 3 },
    });
  });

  test("for the first time marks nothing as new", async () => {
    const world = await new World().connect();
    world.server.on(HISTORY, 200, { items: [historyItem(1)], next_cursor: null });

    world.app.conversations.open("A");
    world.tellJoined({ head_seq: 9, read_seq: 0 });
    await settled();

    expect(world.conversation.unseen).toBeNull();
  });

  test("goes on to say what was new although it was read before the server let one in", async () => {
    const world = new World();
    const listed = mine({ id: "A" }, { head_seq: 6, read_seq: 5, unread: 1 });
    world.server.on("GET /v1/me/rooms", 200, myRooms(listed));
    await world.connect();

    world.app.conversations.open("A");
    world.app.conversations.read("A");
    world.tellJoined({ head_seq: 6, read_seq: 6 });

    expect(world.conversation.unseen).toEqual({ after: 5, upTo: 6 });
  });

  test("again marks what came meanwhile, before the server says so", async () => {
    const world = await opened();
    world.app.conversations.close("A");
    world.tell({ type: "event", event: { room_id: "A", seq: 6, change: { type: "unknown" } } });

    world.app.conversations.open("A");

    expect(world.conversation.unseen).toEqual({ after: 5, upTo: 6 });
  });

  test("reads the history at once when there is no connection", async () => {
    const world = await new World().logIn();
    world.server.on(HISTORY, 200, { items: [historyItem(1)], next_cursor: null });

    world.app.conversations.open("A");
    world.tell({ type: "status", status: { kind: "reconnecting", retryAt: 5 } });
    await settled();

    expect(world.conversation.timeline.messages).toHaveLength(1);
  });

  test("that one may not know of says so", async () => {
    const world = await new World().connect();
    world.server.refuse("GET /v1/rooms/X", 404, "not_found");
    world.server.refuse("GET /v1/rooms/X/members", 404, "not_found");

    world.app.conversations.open("X");
    await settled();

    expect(world.state.conversations.X?.loading).toMatchObject({ problem: { code: "not_found" } });
  });

  test("again needs no history, since the protocol replays what was missed", async () => {
    const world = await opened();
    const asked = world.server.lines.filter((line) => line.startsWith(HISTORY)).length;

    world.app.conversations.close("A");
    world.app.conversations.open("A");
    await settled();

    expect(world.server.lines.filter((line) => line.startsWith(HISTORY))).toHaveLength(asked);
    const wishes = world.client.wishes.map(({ is }) => is);
    expect(wishes.slice(-3)).toEqual(["attach", "detach", "attach"]);
  });
});
