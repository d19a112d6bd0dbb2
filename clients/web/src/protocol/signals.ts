/** What has no seq: presence, typing, receipts, and notes to one person. */

import type { Presence, Signal } from "#protocol/frames.ts";
import { count, countOr, flag, type Json, list, text, textOr } from "#wire/read.ts";
import { readRoom } from "#wire/shapes.ts";

const USUAL_TYPING_MS = 6_000;

export const SIGNALS: Readonly<Record<string, (data: Json) => Signal>> = {
  presence: (data) =>
    Array.isArray(data.users)
      ? { type: "roster", room_id: text(data, "room_id"), users: list(data, "users", readPresence) }
      : { type: "presence", presence: readPresence(data) },
  typing: (data) => ({
    type: "typing",
    room_id: text(data, "room_id"),
    person_id: text(data, "person_id"),
    is_typing: flag(data, "is_typing"),
    expires_in_ms: countOr(data, "expires_in_ms", USUAL_TYPING_MS),
  }),
  receipt: (data) => ({
    type: "receipt",
    room_id: text(data, "room_id"),
    person_id: text(data, "person_id"),
    read_seq: count(data, "read_seq"),
  }),
  room_head: (data) => ({
    type: "room_head",
    room_id: text(data, "room_id"),
    head_seq: count(data, "head_seq"),
    unread: countOr(data, "unread", 0),
    mentions: countOr(data, "mentions", 0),
  }),
  room_added: (data) => ({
    type: "room_added",
    room: readRoom({ ...data, id: text(data, "room_id") }),
  }),
  room_removed: (data) => ({
    type: "room_removed",
    room_id: text(data, "room_id"),
    reason: textOr(data, "reason", ""),
  }),
};

function readPresence(from: Json): Presence {
  return {
    person_id: text(from, "person_id"),
    state: textOr(from, "state", "offline"),
    rev: countOr(from, "rev", 0),
  };
}
