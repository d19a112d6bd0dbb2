import { describe, expect, test } from "vitest";
import { USUAL_LIMITS } from "#protocol/controls.ts";
import type { ServerFrame } from "#protocol/frames.ts";
import { receive } from "#protocol/receive.ts";
import { ALICE, BOB, frame, hello, joined, message, refusal } from "../support/frames.ts";

function only(raw: string): ServerFrame | undefined {
  const frames = receive(raw);
  expect(frames).toHaveLength(1);
  return frames[0];
}

describe("what is not known", () => {
  test.each([
    ["no JSON", "{"],
    ["no object", "12"],
    ["no type", "{}"],
    ["a type of a newer server", frame("confetti", { colour: "red" })],
    ["a known type without what it needs", frame("gap", {})],
    ["a reply without what it needs", frame("room_joined", {}, { ref: "r1" })],
  ])("%s is ignored", (_, raw) => {
    expect(receive(raw)).toEqual([]);
  });

  test("members that are not known are ignored", () => {
    expect(only(frame("reconnect", { after_ms: 5, reason: "drain", mood: "good" }))).toEqual({
      type: "reconnect",
      after_ms: 5,
    });
  });

  test("an event of a newer server still counts its seq", () => {
    expect(only(frame("confetti", {}, { room_id: "A", seq: 9 }))).toEqual({
      type: "event",
      event: { room_id: "A", seq: 9, change: { type: "unknown" } },
    });
  });

  test("an event that cannot be read still counts its seq", () => {
    expect(only(frame("message", { id: 4 }, { room_id: "A", seq: 9 }))).toMatchObject({
      event: { seq: 9, change: { type: "unknown" } },
    });
  });

  test("a null is an absent member", () => {
    const raw = frame("message", { ...messageData(), edited_at: null }, { room_id: "A", seq: 9 });

    expect(only(raw)).toMatchObject({ event: { change: { message: { edited_at: null } } } });
  });
});

test("a batch is several frames", () => {
  const raw = `[${message("A", 1)}, ${frame("confetti", {})}, ${message("A", 2)}]`;

  expect(receive(raw).map(({ type }) => type)).toEqual(["event", "event"]);
});

test("hello tells the limits; what it does not say is as usual", () => {
  expect(only(hello({ content_chars: 100 }))).toEqual({
    type: "hello",
    server_time: "2026-03-01T10:00:00.000Z",
    heartbeat_ms: 25_000,
    limits: { ...USUAL_LIMITS, content_chars: 100 },
  });
});

test.each([
  [{ server_time: "t", pressure: 2 }, 2],
  [{ server_time: "t" }, 0],
])("a pong tells how busy the server is: %j", (data, pressure) => {
  expect(only(frame("pong", data))).toMatchObject({ reply: { type: "pong", pressure } });
});

test("a message keeps the seq of its frame", () => {
  expect(only(message("A", 7))).toMatchObject({
    event: { room_id: "A", seq: 7, change: { message: { id: "m7", seq: 7, author: BOB } } },
  });
});

test("a refusal keeps what a person and a program need", () => {
  expect(only(refusal("r3", "slow_mode", { retryable: true, retry_after_ms: 40 }))).toMatchObject({
    ref: "r3",
    problem: { code: "slow_mode", retryable: true, retry_after_ms: 40 },
  });
});

test("room_joined tells who is there, and how, as far as that is known", () => {
  const away = { person_id: "bob", state: "away", rev: 3 };

  expect(only(joined("r2", "A", 7, { states: [away] }))).toMatchObject({
    reply: { online: ["alice"], online_count: 1, states: [{ ...away, ...neverGone }] },
  });
  expect(only(joined("r2", "A", 7, { online: [], online_count: null }))).toMatchObject({
    reply: { online: [], online_count: null, states: [] },
  });
});

test("room_joined is a reply to its ref", () => {
  expect(only(joined("r2", "A", 7))).toMatchObject({
    type: "reply",
    ref: "r2",
    reply: { type: "room_joined", room_id: "A", head_seq: 7, online: ["alice"] },
  });
});

describe("signals", () => {
  test.each([
    [
      "presence of one person",
      frame("presence", { person_id: "bob", state: "away", status_text: "Lunch", rev: 3 }),
      {
        type: "presence",
        presence: { ...neverGone, person_id: "bob", state: "away", status_text: "Lunch", rev: 3 },
      },
    ],
    [
      "presence of one who has gone",
      frame("presence", { person_id: "bob", state: "offline", last_seen: "t", rev: 3 }),
      {
        type: "presence",
        presence: { person_id: "bob", state: "offline", rev: 3, ...neverGone, last_seen: "t" },
      },
    ],
    [
      "presence in a word of a newer server",
      frame("presence", { person_id: "bob", state: "dancing", rev: 3 }),
      { type: "presence", presence: { person_id: "bob", state: "online", rev: 3, ...neverGone } },
    ],
    [
      "a snapshot of a room",
      frame("presence", { users: [inTheRoom], online_count: 1 }, inRoom),
      { type: "roster", room_id: "A", users: [{ ...inTheRoom, ...neverGone }], online_count: 1 },
    ],
    [
      "a snapshot of a large room, which names nobody",
      frame("presence", { users: [], online_count: null }, inRoom),
      { type: "roster", room_id: "A", users: [], online_count: null },
    ],
    [
      "typing",
      frame("typing", { person_id: "bob", is_typing: true, expires_in_ms: 5 }, inRoom),
      { type: "typing", room_id: "A", person_id: "bob", is_typing: true, expires_in_ms: 5 },
    ],
    [
      "a receipt",
      frame("receipt", { person_id: "bob", read_seq: 5 }, inRoom),
      { type: "receipt", room_id: "A", person_id: "bob", read_seq: 5 },
    ],
    [
      "the head of a room",
      frame("room_head", { head_seq: 9, unread: 2, mentions: 1 }, inRoom),
      { type: "room_head", room_id: "A", head_seq: 9, unread: 2, mentions: 1 },
    ],
    [
      "a room that was added",
      frame("room_added", { room_id: "A", kind: "private", title: "T", role: "member" }, inRoom),
      {
        type: "room_added",
        room: { id: "A", kind: "private", title: "T", topic: "", role: "member", people: [] },
      },
    ],
    [
      "a room that was removed",
      frame("room_removed", { room_id: "A", reason: "banned" }, inRoom),
      { type: "room_removed", room_id: "A", reason: "banned" },
    ],
  ])("%s is read", (_, raw, signal) => {
    expect(only(raw)).toMatchObject({ type: "signal", signal });
  });
});

describe("changes", () => {
  test.each([
    ["message_edited", { id: "m1", content: "new", rev: 2, by: "bob", edited_at: "t" }],
    ["message_deleted", { id: "m1", by: "bob", deleted_at: "t" }],
    ["message_deleted", { id: "m1", by: "bob", deleted_at: "t", author: ALICE }],
    ["reaction_added", { message_id: "m1", person: ALICE, emoji: "👍" }],
    ["reaction_removed", { message_id: "m1", person: ALICE, emoji: "👍" }],
    ["member_joined", { person: ALICE, role: "admin" }],
    ["member_left", { person: ALICE, reason: "left" }],
    ["member_updated", { person: ALICE, role: "member" }],
    ["room_updated", { kind: "public", title: "T", topic: "" }],
    ["room_deleted", { title: "T" }],
  ])("%s is read", (type, data) => {
    expect(only(frame(type, data, { room_id: "A", seq: 4 }))).toMatchObject({
      event: { seq: 4, change: { type } },
    });
  });
});

const inRoom = { room_id: "A" };
const inTheRoom = { person_id: "bob", state: "online", rev: 3 };
const neverGone = { last_seen: null, status_text: null };

function messageData(): object {
  return JSON.parse(message("A", 1)).data;
}
