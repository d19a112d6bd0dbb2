import { describe, expect, test } from "vitest";
import { ALICE } from "../support/frames.ts";
import { historyItem } from "../support/http.ts";
import { messageOf, unsent } from "../support/messages.ts";
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

describe("history", () => {
  test("takes in the events that came while it was read", async () => {
    const world = await new World().connect();
    world.server.on(HISTORY, 200, { items: [historyItem(1), historyItem(2)], next_cursor: null });
    world.app.conversations.open("A");

    world.tell({ type: "reload", room_id: "A", isGap: false });
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
    world.tell({ type: "reload", room_id: "A", isGap: false });
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

    expect(world.server.lines.filter((line) => line.includes("before_seq=5"))).toHaveLength(1);
    expect(world.conversation.timeline.messages.map(({ seq }) => seq)).toEqual([1, 5]);
  });

  test("says when an older page could not be read, and lets one try again", async () => {
    const world = await opened();
    world.server.isReachable = false;

    world.app.conversations.loadOlder("A");
    await settled();

    expect(world.conversation.timeline).toMatchObject({ isLoadingOlder: false, older: 5 });
    expect(world.state.complaint).toBe("The server cannot be reached.");
  });

  test("settles messages that the server had taken without an answer", async () => {
    const world = await opened();
    world.tell({ type: "outbox", items: [unsent("mine"), unsent("other")] });
    const items = [historyItem(6, { author: ALICE, client_msg_id: "mine" })];
    world.server.on(HISTORY, 200, { items, next_cursor: null });

    world.tell({ type: "reload", room_id: "A", isGap: false });
    await settled();

    expect(world.client.wishes).toContainEqual({ is: "forget", client_msg_id: "mine" });
    expect(world.client.wishes).not.toContainEqual({ is: "forget", client_msg_id: "other" });
  });
});

describe("a hole before the live events", () => {
  test("of a room that nobody looks at is filled when somebody does", async () => {
    const world = await opened();
    world.app.conversations.close("A");
    const asked = historyReads(world);

    world.tell({ type: "reload", room_id: "A", isGap: true });
    expect(world.state.conversations.A).toBeUndefined();
    expect(historyReads(world)).toBe(asked);

    world.app.conversations.open("A");
    world.tellJoined({ head_seq: 9 });
    await settled();
    expect(historyReads(world)).toBe(asked + 1);
  });

  test("is a reason to count again what is unread, once for all rooms", async () => {
    const world = await opened();
    const counts = () => world.server.lines.filter((line) => line === "GET /v1/me/unread").length;
    const before = counts();

    world.tell({ type: "reload", room_id: "B", isGap: true });
    world.tell({ type: "reload", room_id: "C", isGap: true });
    await settled();

    expect(counts()).toBe(before + 1);
  });
});

function historyReads(world: World): number {
  return world.server.lines.filter((line) => line.startsWith(HISTORY)).length;
}

async function reconnected(world: World): Promise<void> {
  const ready = { type: "ready", person: ALICE, rooms: [] } as const;
  world.tell({ type: "ready", ready, limits: world.state.limits });
  await settled();
}
