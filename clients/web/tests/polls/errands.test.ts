import { describe, expect, test } from "vitest";
import { errandFor } from "#polls/errands.ts";
import type { Commands, CommandType } from "#protocol/frames.ts";
import { object } from "#wire/read.ts";
import { messageEvent } from "../support/frames.ts";

const MESSAGE = { room_id: "A", message_id: "m1" };

/** Return what is asked for a command, and the frame that its answer becomes. */
function done<T extends CommandType>(type: T, data: Commands[T], answer: object) {
  const errand = errandFor(type, data);
  return { request: errand?.request, frame: errand?.read(object(answer)) };
}

test("a message is posted with its own id as the key of the request", () => {
  const data = { room_id: "A", client_msg_id: "k1", content: "Yes", reply_to: "m0" };

  const { request, frame } = done("send_message", data, { message: { id: "m1", seq: 4 } });

  expect(request).toEqual({
    method: "POST",
    path: "/v1/rooms/A/messages",
    body: { content: "Yes", reply_to: "m0" },
    idempotencyKey: "k1",
  });
  expect(frame).toEqual({ type: "ack", data: { message_id: "m1", seq: 4 } });
});

test("an edit names the revision that it is of", () => {
  const data = { ...MESSAGE, content: "Better", expected_rev: 1 };

  const { request, frame } = done("edit_message", data, { message: { rev: 2 } });

  expect(request).toEqual({
    method: "PATCH",
    path: "/v1/messages/m1",
    body: { content: "Better", expected_rev: 1 },
  });
  expect(frame).toEqual({ type: "ack", data: { rev: 2 } });
});

test("a deletion has an empty answer", () => {
  const { request, frame } = done("delete_message", MESSAGE, {});

  expect(request).toEqual({ method: "DELETE", path: "/v1/messages/m1" });
  expect(frame).toEqual({ type: "ack", data: {} });
});

test.each([
  ["add_reaction", "PUT"],
  ["remove_reaction", "DELETE"],
] as const)("%s is a %s of the emoji", (type, method) => {
  const { request, frame } = done(type, { ...MESSAGE, emoji: "👍" }, { changed: true });

  expect(request).toEqual({ method, path: "/v1/messages/m1/reactions/%F0%9F%91%8D" });
  expect(frame).toEqual({ type: "ack", data: { changed: true } });
});

test("what was read is told of its room", () => {
  const { request, frame } = done("read", { room_id: "A", seq: 7 }, { read_seq: 9 });

  expect(request).toEqual({ method: "PUT", path: "/v1/rooms/A/read", body: { seq: 7 } });
  expect(frame).toEqual({ type: "ack", data: { read_seq: 9 } });
});

test("how one wants to be seen is said with or without words", () => {
  const plain = done("set_presence", { state: "dnd" }, { state: "dnd" });
  const worded = done("set_presence", { state: "away", status_text: "lunch" }, {});

  expect(plain.request?.body).toEqual({ state: "dnd", status_text: null });
  expect(plain.frame).toEqual({ type: "ack", data: { state: "dnd" } });
  expect(worded.request?.body).toEqual({ state: "away", status_text: "lunch" });
});

describe("a hole in a room", () => {
  const SYNC = { room_id: "A", after_seq: 3, limit: 200 };

  test("is filled from its log, by pages as large as they are", () => {
    const { request } = done("sync", SYNC, { items: [], head_seq: 3 });

    expect(request).toMatchObject({
      path: "/v1/rooms/A/events",
      query: { after_seq: 3, limit: 100 },
    });
  });

  test.each([
    ["there is more", "page2", true],
    ["that was all", null, false],
  ])("and %s", (_, next_cursor, more) => {
    const events = [messageEvent("A", 4)];

    const { frame } = done("sync", SYNC, { items: events, head_seq: 4, next_cursor });

    expect(frame).toEqual({ type: "events", data: { events, head_seq: 4, more } });
  });
});

test.each(["auth", "ping", "join_room", "resume", "leave_room", "typing", "refresh"] as const)(
  "%s is no matter of one request",
  (type) => {
    expect(errandFor(type, {} as never)).toBeNull();
  },
);
