import { describe, expect, test } from "vitest";
import { ALICE } from "../support/frames.ts";
import { historyItem } from "../support/http.ts";
import { messageOf } from "../support/messages.ts";
import { HISTORY, opened, settled, World } from "../support/world.ts";

describe("opening a room", () => {
  test("attaches it and reads room, members and, once joined, its history", async () => {
    const world = await new World().connect();
    world.server.on(HISTORY, 200, { items: [historyItem(1)], next_cursor: "older" });

    world.app.conversations.open("A");
    world.tellJoined({ head_seq: 1, read_seq: 0 });
    world.tell({ type: "reload", room_id: "A" });
    await settled();

    expect(world.client.wishes).toEqual([{ is: "attach", room_id: "A" }]);
    expect(world.conversation).toMatchObject({
      loading: { phase: "ready" },
      room: { title: "General" },
      timeline: { older: "older", messages: [{ id: "m1" }] },
      members: [{ person: ALICE }],
      unreadAfter: 0,
    });
  });

  test("reads the history at once when there is no connection", async () => {
    const world = await new World().logIn();
    world.server.on(HISTORY, 200, { items: [historyItem(1)], next_cursor: null });

    world.app.conversations.open("A");
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
    expect(world.client.wishes.map(({ is }) => is)).toEqual(["attach", "detach", "attach"]);
  });
});

describe("history", () => {
  test("takes in the events that came while it was read", async () => {
    const world = await new World().connect();
    world.server.on(HISTORY, 200, { items: [historyItem(1), historyItem(2)], next_cursor: null });
    world.app.conversations.open("A");

    world.tell({ type: "reload", room_id: "A" });
    world.tellEvent(2, { type: "message", message: messageOf(2) });
    world.tellEvent(3, { type: "message_deleted", id: "m1", deleted_at: "t" });
    world.tellEvent(4, { type: "message", message: messageOf(4) });
    await settled();

    expect(world.conversation.timeline.messages).toMatchObject([
      { id: "m1", deleted_at: "t" },
      { id: "m2" },
      { id: "m4" },
    ]);
  });

  test("that failed is read again on the next connection", async () => {
    const world = await new World().connect();
    world.server
      .refuseOnce(HISTORY, 503, "unavailable", { retryable: true })
      .on(HISTORY, 200, { items: [historyItem(1)], next_cursor: null });
    world.app.conversations.open("A");
    world.tell({ type: "reload", room_id: "A" });
    await settled();
    expect(world.conversation.loading.phase).toBe("failed");

    await reconnected(world);

    expect(world.conversation.loading.phase).toBe("ready");
    expect(world.conversation.timeline.messages).toHaveLength(1);
  });

  test("grows by older pages until there are none", async () => {
    const world = await opened();
    world.server.on(HISTORY, 200, { items: [historyItem(1)], next_cursor: null });

    world.app.conversations.loadOlder("A");
    world.app.conversations.loadOlder("A");
    await settled();
    world.app.conversations.loadOlder("A");
    await settled();

    expect(world.server.lines.filter((line) => line.includes("cursor=older"))).toHaveLength(1);
    expect(world.conversation.timeline.messages.map(({ seq }) => seq)).toEqual([1, 5]);
  });

  test("says when an older page could not be read, and lets one try again", async () => {
    const world = await opened();
    world.server.isReachable = false;

    world.app.conversations.loadOlder("A");
    await settled();

    expect(world.conversation.timeline).toMatchObject({ isLoadingOlder: false, older: "older" });
    expect(world.state.complaint).toBe("The server cannot be reached.");
  });

  test("settles messages that the server had taken without an answer", async () => {
    const world = await opened();
    world.tell({ type: "outbox", items: [unsent("mine"), unsent("other")] });
    const items = [historyItem(6, { author: ALICE, client_msg_id: "mine" })];
    world.server.on(HISTORY, 200, { items, next_cursor: null });

    world.tell({ type: "reload", room_id: "A" });
    await settled();

    expect(world.client.wishes).toContainEqual({ is: "forget", client_msg_id: "mine" });
    expect(world.client.wishes).not.toContainEqual({ is: "forget", client_msg_id: "other" });
  });
});

async function reconnected(world: World): Promise<void> {
  const ready = { type: "ready", person: ALICE, rooms: [] } as const;
  world.tell({ type: "ready", ready, limits: world.state.limits });
  await settled();
}

function unsent(id: string) {
  const item = { client_msg_id: id, room_id: "A", content: id, problem: null, seq: null };
  return { ...item, state: "waiting" } as const;
}
