import type { Unsent } from "#protocol/outbox.ts";
import type { Message } from "#wire/shapes.ts";
import { BOB } from "./frames.ts";

/** A message on its way to room A. */
export function unsent(id: string, other: Partial<Unsent> = {}): Unsent {
  return {
    client_msg_id: id,
    room_id: "A",
    content: id,
    reply_to: null,
    written_at: 0,
    state: "waiting",
    problem: null,
    seq: null,
    ...other,
  };
}

/** Message `m<seq>` as the state holds it, by Bob if nobody else is named. */
export function messageOf(seq: number, other: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    seq,
    author: BOB,
    content: `message ${seq}`,
    created_at: "2026-03-01T10:00:00.000Z",
    rev: 1,
    edited_at: null,
    deleted_at: null,
    client_msg_id: `c${seq}`,
    mentions: [],
    reactions: [],
    reply_to: null,
    ...other,
  };
}
