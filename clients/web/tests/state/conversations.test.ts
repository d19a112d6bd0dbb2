import { describe, expect, test } from "vitest";
import type { Presence } from "#protocol/frames.ts";
import { localProblem } from "#wire/problem.ts";
import { ALICE, BOB } from "../support/frames.ts";
import { messageOf } from "../support/messages.ts";
import { opened, settled } from "../support/world.ts";

describe("in a room", () => {
  test("a message gets an id of its own and goes to the outbox", async () => {
    const world = await opened();

    world.app.conversations.send("A", "Hello", null);
    expect(world.state.outbox).toMatchObject([{ content: "Hello", state: "waiting" }]);
    await settled();

    const message = {
      client_msg_id: "id1",
      room_id: "A",
      content: "Hello",
      reply_to: null,
      written_at: 0,
      state: "waiting",
      problem: null,
    };
    expect(world.client.wishes.at(-1)).toEqual({ is: "share", items: [message] });
  });

  test("an edit names the revision that it changes", async () => {
    const world = await opened();

    expect(await world.app.conversations.edit("A", messageOf(5, { rev: 3 }), "new")).toBe(true);

    expect(world.client.orders).toMatchObject([
      { type: "edit_message", data: { message_id: "m5", content: "new", expected_rev: 3 } },
    ]);
  });

  test("a refusal is told to the person", async () => {
    const world = await opened();
    world.client.answer = { ok: false, problem: localProblem("conflict", "Changed meanwhile.") };

    expect(await world.app.conversations.delete("A", "m5")).toBe(false);

    const [complaint] = world.state.complaints;
    expect(complaint?.sentence).toBe("Changed meanwhile.");
    world.app.dismissComplaint(complaint?.id ?? "");
    expect(world.state.complaints).toEqual([]);
  });

  test("a second press takes a reaction back", async () => {
    const world = await opened();
    const mine = messageOf(5, { reactions: [{ emoji: "👍", count: 1, mine: true }] });

    await world.app.conversations.react("A", mine, "👍");
    await world.app.conversations.react("A", mine, "🎉");

    expect(world.client.orders.map(({ type }) => type)).toEqual([
      "remove_reaction",
      "add_reaction",
    ]);
  });

  test("reading is told once, up to what has come", async () => {
    const world = await opened();
    world.tellEvent(6, { type: "message", message: messageOf(6) });
    expect(world.state.rooms.A?.unread).toBe(1);

    world.app.conversations.read("A");
    world.app.conversations.read("A");

    expect(world.state.rooms.A?.unread).toBe(0);
    const reads = world.client.wishes.filter(({ is }) => is === "read");
    expect(reads).toEqual([{ is: "read", room_id: "A", seq: 6 }]);
  });

  test("what is new can be put away unread", async () => {
    const world = await opened();
    world.app.conversations.close("A");
    world.tellEvent(6, { type: "message", message: messageOf(6) });
    world.app.conversations.open("A");
    expect(world.conversation.unseen).not.toBeNull();

    world.app.conversations.markRead("A");

    expect(world.conversation.unseen).toBeNull();
    expect(world.state.rooms.A?.unread).toBe(0);
  });

  test("the place of the reader and the answered message are kept", async () => {
    const world = await opened();

    world.app.conversations.keepPlace("A", { seq: 5, offset: 12 });
    world.app.conversations.answer("A", messageOf(5));
    world.app.conversations.close("A");
    expect(world.conversation.place).toEqual({ seq: 5, offset: 12 });
    expect(world.state.answers.A?.id).toBe("m5");

    world.app.conversations.answer("A", null);
    expect(world.state.answers).toEqual({});
  });

  test("typing is shown until it is over, or the message is there", async () => {
    const world = await opened();
    const typing = { type: "typing", room_id: "A", is_typing: true, expires_in_ms: 6_000 } as const;

    world.tell({ type: "signal", signal: { ...typing, person_id: "bob" } });
    world.tell({ type: "signal", signal: { ...typing, person_id: "charlie" } });
    expect(Object.keys(world.conversation.typing)).toEqual(["bob", "charlie"]);

    world.tellEvent(6, { type: "message", message: messageOf(6, { author: BOB }) });
    expect(Object.keys(world.conversation.typing)).toEqual(["charlie"]);

    world.now = 6_000;
    for (const ring of world.timers) ring();
    expect(world.conversation.typing).toEqual({});
  });

  test("people come and go, and change their roles", async () => {
    const world = await opened();

    world.tellEvent(6, { type: "member_joined", person: BOB, role: "member" });
    world.tellEvent(7, { type: "member_updated", person: ALICE, role: "admin" });
    expect(world.conversation.members).toEqual([
      { person: BOB, role: "member" },
      { person: ALICE, role: "admin" },
    ]);
    expect(world.conversation.room?.role).toBe("admin");

    world.tellEvent(8, { type: "member_left", person: BOB, role: null });
    expect(world.conversation.members).toHaveLength(1);
  });

  test("presence with an older rev is old news", async () => {
    const world = await opened();
    const presence = (state: Presence["state"], rev: number) =>
      world.tell({
        type: "signal",
        signal: {
          type: "presence",
          presence: { person_id: "bob", state, last_seen: null, status_text: null, rev },
        },
      });

    presence("online", 5);
    presence("offline", 4);

    expect(world.conversation.roster.online.has("bob")).toBe(true);
  });

  test("one who was removed is told", async () => {
    const world = await opened();

    world.tell({ type: "detached", room_id: "A", reason: "removed" });

    expect(world.conversation.gone).toBe("removed");
  });

  test("what another device has read is read here too", async () => {
    const world = await opened();
    world.tellEvent(6, { type: "message", message: messageOf(6) });

    world.tell({
      type: "signal",
      signal: { type: "receipt", room_id: "A", person_id: "alice", read_seq: 6 },
    });

    expect(world.state.rooms.A).toMatchObject({ unread: 0, read: 6 });
  });
});
