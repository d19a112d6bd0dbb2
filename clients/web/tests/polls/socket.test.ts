import { describe, expect, test } from "vitest";
import { messageEvent as event } from "../support/frames.ts";
import { answer, at, Line, ready } from "../support/line.ts";
import { settled } from "../support/world.ts";

describe("the beginning", () => {
  test("asks how everything stands, and waits for nothing", () => {
    const line = new Line();

    expect(line.polled).toEqual({ cursors: {}, timeout_ms: 0, greet: true });
  });

  test("says hello, and answers auth with ready", async () => {
    const line = new Line();
    const hello = { connection_id: "poll-s1", heartbeat_ms: 9 };

    await line.poll.answer(answer({ hello, ready: ready("A") }));
    line.say({ type: "auth", ref: "r1", data: { token: "abc" } });

    expect(line.heard).toEqual([
      { type: "hello", data: hello },
      { type: "ready", ref: "r1", data: ready("A") },
    ]);
  });

  test("resumes from the cursors of auth: what was missed, then `resumed`", async () => {
    const line = new Line();
    await line.poll.answer(answer({ hello: {}, ready: ready("A") }));
    const resume = [{ room_id: "A", seq: 3, epoch: "e1" }];
    line.say({ type: "auth", ref: "r1", data: { token: "abc", resume } });
    await settled();

    expect(line.polled).toMatchObject({ cursors: at(3, "A"), timeout_ms: 0, greet: false });
    await line.poll.answer(answer({ events: [event("A", 4)], cursors: at(4, "A") }));

    expect(line.heard.slice(2)).toEqual([
      event("A", 4),
      {
        type: "resumed",
        data: { rooms: [{ room_id: "A", recovered: true, from: 3, to: 4 }] },
      },
    ]);
  });
});

describe("what is heard", () => {
  test("comes in the order of the answer, and the next poll goes on from there", async () => {
    const line = await new Line().begin("A");

    await line.poll.answer(
      answer({ events: [event("A", 4), event("A", 5)], cursors: at(5, "A"), more: true }),
    );

    expect(line.heard).toEqual([event("A", 4), event("A", 5)]);
    expect(line.polled).toMatchObject({ cursors: at(5, "A"), timeout_ms: 25_000 });
  });

  test("gathers for a moment before the next poll", async () => {
    const line = await new Line().begin("A");
    const polls = line.polls;

    await line.poll.answer(answer({ events: [event("A", 4)], cursors: at(4, "A") }));
    await line.pass(199);
    expect(line.polls).toBe(polls);
    await line.pass(1);

    expect(line.polls).toBe(polls + 1);
  });

  test("ends where the server says that one is not in a room any more", async () => {
    const line = await new Line().begin("A", "B");
    const told = { A: { recovered: false, reason: "not_found" }, ...at(3, "B") };

    await line.poll.answer(answer({ cursors: told, more: true }));

    expect(line.heard).toEqual([{ type: "room_left", data: { room_id: "A", reason: "removed" } }]);
    expect(line.polled).toMatchObject({ cursors: at(3, "B") });
  });

  test("keeps the place of a room that could not be looked after, and asks in a while", async () => {
    const line = await new Line().begin("A");
    const polls = line.polls;

    await line.poll.answer(answer({ cursors: { A: { recovered: false, reason: "unavailable" } } }));
    expect(line.polls).toBe(polls);
    await line.pass(2_000);

    expect(line.polled).toMatchObject({ cursors: at(3, "A") });
  });
});

describe("a command", () => {
  const send = {
    type: "send_message",
    ref: "r2",
    data: { room_id: "A", client_msg_id: "k1", content: "Hello" },
  };

  test("is a request beside the polls, and its answer the frame of a socket", async () => {
    const line = await new Line().begin("A");

    line.say(send);
    const { request, answer } = line.last("POST /v1/rooms/A/messages");
    await answer({ message: { id: "m4", seq: 4 } });

    expect(request).toMatchObject({ idempotencyKey: "k1", body: { content: "Hello" } });
    expect(line.heard).toEqual([{ type: "ack", ref: "r2", data: { message_id: "m4", seq: 4 } }]);
  });

  test("that is refused is an error with its `ref`", async () => {
    const line = await new Line().begin("A");

    line.say(send);
    await line.last("POST /v1/rooms").refuse(429, "rate_limited", 700);

    expect(line.heard).toMatchObject([
      { type: "error", ref: "r2", data: { code: "rate_limited", retry_after_ms: 700 } },
    ]);
  });

  test("without a `ref` has no answer", async () => {
    const line = await new Line().begin("A");

    line.say({ type: "read", data: { room_id: "A", seq: 3 } });
    await line.last("PUT /v1/rooms/A/read").answer({ read_seq: 3 });

    expect(line.heard).toEqual([]);
  });

  test("of typing goes nowhere, and a new token is in use already", async () => {
    const line = await new Line().begin("A");
    const asked = line.asked.length;

    line.say({ type: "typing", data: { room_id: "A", is_typing: true } });
    line.say({ type: "refresh", ref: "r2", data: { token: "def" } });

    expect(line.asked).toHaveLength(asked);
    expect(line.heard).toEqual([{ type: "ack", ref: "r2", data: {} }]);
  });

  test("of somebody whose session has ended ends everything", async () => {
    const line = await new Line().begin("A");

    line.say(send);
    await line.last("POST /v1/rooms").refuse(401, "session_revoked");

    expect(line.closed).toEqual([4401, "revoked"]);
  });
});
