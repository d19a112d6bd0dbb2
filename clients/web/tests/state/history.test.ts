import { describe, expect, test } from "vitest";
import { ALICE } from "../support/frames.ts";
import { historyItem } from "../support/http.ts";
import { messageOf, unsent } from "../support/messages.ts";
import { HISTORY, opened, settled, World } from "../support/world.ts";

describe("history", () => {
  test("takes in the events that came while it was read", async () => {
    const world = await new World().connect();
    world.server.on(HISTORY, 200, { items: [historyItem(1), historyItem(2)], next_cursor: null });
    world.app.conversations.open("A");

    world.tell({ type: "reload", room_id: "A", isGap: false });
    world.tellEvent(2, { type: "message", message: messageOf(2) });
    world.tellEvent(3, { type: "message_deleted", id: "m1", deleted_at: "t", author: null });
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

    void world.app.history.loadOlder("A");
    void world.app.history.loadOlder("A");
    await settled();
    void world.app.history.loadOlder("A");
    await settled();

    expect(world.server.lines.filter((line) => line.includes("before_seq=5"))).toHaveLength(1);
    expect(world.conversation.timeline.messages.map(({ seq }) => seq)).toEqual([1, 5]);
  });

  test("takes in what is changed while an older page is read", async () => {
    const world = await opened();
    world.server.on(HISTORY, 200, { items: [historyItem(1)], next_cursor: null });

    const reading = world.app.history.loadOlder("A");
    world.tellEvent(6, { type: "message_deleted", id: "m1", deleted_at: "t", author: null });
    await reading;

    expect(world.conversation.timeline.messages[0]).toMatchObject({ id: "m1", deleted_at: "t" });
  });

  test("says when an older page could not be read, and lets one try again", async () => {
    const world = await opened();
    world.server.isReachable = false;

    void world.app.history.loadOlder("A");
    await settled();

    expect(world.conversation.timeline).toMatchObject({ isLoadingOlder: false, older: 5 });
    expect(world.state.complaints[0]?.sentence).toMatch(/^The server cannot be reached/);
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

describe("a window elsewhere in the room", () => {
  const around = [historyItem(40), historyItem(41), historyItem(42)];

  /** Room A around message 41, with more behind it. */
  async function openedAround(): Promise<World> {
    const world = await opened();
    const many = Array.from({ length: 50 }, (_, index) => historyItem(42 + index));
    world.server.on(HISTORY, 200, { items: [...around, ...many.slice(1)], next_cursor: "older" });
    expect(await world.app.history.loadAround("A", 41)).toBe(true);
    return world;
  }

  test("is shown instead of the end, and grows towards it page by page", async () => {
    const world = await openedAround();
    expect(world.conversation.timeline).toMatchObject({ older: 40, newer: 91 });

    world.server.on(HISTORY, 200, { items: [historyItem(92)], next_cursor: null });
    void world.app.history.loadNewer("A");
    await world.app.history.loadNewer("A");
    await settled();

    expect(world.server.lines.filter((line) => line.includes("after_seq=91"))).toHaveLength(1);
    expect(world.conversation.timeline.newer).toBeNull();
    expect(world.conversation.timeline.messages.at(-1)?.seq).toBe(92);
  });

  test("takes in what comes while its last page is read, and not before", async () => {
    const world = await openedAround();
    world.tellEvent(95, { type: "message", message: messageOf(95) });
    expect(world.conversation.timeline.messages.at(-1)?.seq).toBe(91);

    world.server.on(HISTORY, 200, { items: [historyItem(92), historyItem(95)], next_cursor: null });
    const reading = world.app.history.loadNewer("A");
    world.tellEvent(96, { type: "message", message: messageOf(96) });
    world.tellEvent(97, { type: "message_deleted", id: "m92", deleted_at: "t", author: null });
    await reading;

    expect(world.conversation.timeline.messages.slice(-3)).toMatchObject([
      { id: "m92", deleted_at: "t" },
      { id: "m95" },
      { id: "m96" },
    ]);
  });

  test("is left for the end", async () => {
    const world = await openedAround();
    world.server.on(HISTORY, 200, { items: [historyItem(200)], next_cursor: "older" });

    await world.app.history.load("A");

    expect(world.conversation.timeline).toMatchObject({ newer: null, messages: [{ seq: 200 }] });
  });

  test("is read again after a gap, and nobody is thrown to the end", async () => {
    const world = await openedAround();

    world.tell({ type: "reload", room_id: "A", isGap: true });
    await settled();

    expect(world.server.lines.filter((line) => line.includes("around="))).toHaveLength(2);
    expect(world.conversation.timeline.messages[0]?.seq).toBe(40);
  });

  test("that could not be read leaves the one that is shown", async () => {
    const world = await opened();
    world.server.refuse(HISTORY, 503, "unavailable");

    expect(await world.app.history.loadAround("A", 41)).toBe(false);

    expect(world.conversation.timeline.messages).toMatchObject([{ seq: 5 }]);
    expect(world.state.complaints).toHaveLength(1);
  });

  test("that was asked for first is not shown over the one asked for last", async () => {
    const world = await opened();
    world.server.once(HISTORY, 200, { items: [historyItem(41)], next_cursor: null });
    world.server.once(HISTORY, 200, { items: [historyItem(99)], next_cursor: null });

    const first = world.app.history.loadAround("A", 41);
    await world.app.history.load("A");

    expect(await first).toBe(false);
    expect(world.conversation.timeline.messages).toMatchObject([{ seq: 99 }]);
  });
});

describe("a message that is answered but not loaded", () => {
  test("is read once", async () => {
    const world = await opened();
    world.server.on("GET /v1/messages/m1", 200, { message: historyItem(1) });

    void world.app.history.loadAnswered("A", "m1");
    await world.app.history.loadAnswered("A", "m1");
    await settled();
    await world.app.history.loadAnswered("A", "m1");

    expect(world.server.lines.filter((line) => line.endsWith("/v1/messages/m1"))).toHaveLength(1);
    expect(world.conversation.timeline.answered.m1).toMatchObject({ seq: 1 });
  });

  test("that nobody may read is not asked for again", async () => {
    const world = await opened();
    world.server.refuse("GET /v1/messages/m1", 404, "not_found");

    await world.app.history.loadAnswered("A", "m1");
    await world.app.history.loadAnswered("A", "m1");

    expect(world.conversation.timeline.answered.m1).toBeNull();
    expect(world.server.lines.filter((line) => line.endsWith("/v1/messages/m1"))).toHaveLength(1);
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
    const counts = () =>
      world.server.lines.filter((line) => line.startsWith("GET /v1/me/rooms")).length;
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
  const ready = { type: "ready", person: ALICE, presence_state: "online", rooms: [] } as const;
  world.tell({ type: "ready", ready, limits: world.state.limits });
  await settled();
}
