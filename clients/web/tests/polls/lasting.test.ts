import { describe, expect, test } from "vitest";
import { answer, at, Line } from "../support/line.ts";
import { settled } from "../support/world.ts";

describe("a ping", () => {
  const ping = { type: "ping", data: {} };

  test("is asked beside a poll that is held", async () => {
    const line = await new Line().begin("A");

    line.say(ping);
    expect(line.polled).toEqual({ cursors: {}, timeout_ms: 0 });
    await line.poll.answer(answer());

    expect(line.types).toEqual(["pong"]);
  });

  test("is answered by the next poll, at once, while none is held", async () => {
    const line = await new Line().begin("A");
    line.isLookedAt = false;
    await line.poll.answer(answer({ cursors: at(3, "A") }));
    const polls = line.polls;

    await line.pass(5_000);
    expect(line.polls).toBe(polls);
    line.say(ping);
    await settled();
    expect(line.polled).toMatchObject({ cursors: at(3, "A"), timeout_ms: 0 });
    await line.poll.answer(answer({ cursors: at(3, "A") }));

    expect(line.types).toEqual(["pong"]);
  });

  test("has no answer where there is no server", async () => {
    const line = await new Line().begin("A");

    line.say(ping);
    await line.poll.refuse(0, "unreachable");

    expect(line.heard).toEqual([]);
  });
});

describe("what goes wrong", () => {
  test("once is tried again in silence, and everything is asked anew", async () => {
    const line = await new Line().begin("A");

    await line.poll.refuse(0, "unreachable");
    await line.pass(750);

    expect(line.polled).toEqual({ cursors: at(3, "A"), timeout_ms: 0, greet: true });
    expect(line.closed).toBeNull();
  });

  test.each([0, 502, 504])("twice with %i is the end of this connection", async (status) => {
    const line = await new Line().begin("A");

    await line.poll.refuse(status, "unavailable");
    await line.pass(750);
    await line.poll.refuse(status, "unavailable");

    expect(line.closed).toEqual([1006, ""]);
  });

  test("a poll that is answered too late is given up", async () => {
    const line = await new Line().begin("A");
    const { signal } = line.poll.request;

    await line.pass(34_999);
    expect(signal?.aborted).toBe(false);
    await line.pass(1);

    expect(signal?.aborted).toBe(true);
    await line.pass(750);
    expect(line.polled).toMatchObject({ timeout_ms: 0 });
  });

  test("a server that goes away says when to come back, as it would on a socket", async () => {
    const line = await new Line().begin("A");

    await line.poll.refuse(503, "draining", 12_000);

    expect(line.heard).toEqual([
      { type: "reconnect", data: { reason: "drain", after_ms: 12_000 } },
    ]);
    expect(line.closed).toEqual([1012, ""]);
  });

  test.each([
    ["session_revoked", "revoked"],
    ["token_expired", "expired"],
  ])("a poll that hears %s ends as a socket would", async (code, reason) => {
    const line = await new Line().begin("A");

    await line.poll.refuse(401, code);

    expect(line.closed).toEqual([4401, reason]);
  });

  test("who leaves hears no more", async () => {
    const line = await new Line().begin("A");
    const { poll } = line;
    line.say({ type: "read", ref: "r2", data: { room_id: "A", seq: 3 } });

    line.socket.close();
    await line.last("PUT /v1/rooms/A/read").answer({ read_seq: 3 });

    expect(poll.request.signal?.aborted).toBe(true);
    expect(line.heard).toEqual([]);
    expect(line.closed).toBeNull();
  });
});
