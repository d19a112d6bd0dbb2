/** What has no seq: presence, typing, receipts, and notes to one person. */

import type { Presence, Signal } from "#protocol/frames.ts";
import type { Content, Lookup, Readers } from "#protocol/readers.ts";
import { count, countOr, flag, has, type Json, list, text, textOr, word } from "#wire/read.ts";
import { readCard } from "#wire/shapes.ts";

const USUAL_TYPING_MS = 6_000;

/** Who is in a state that a newer server invented is there somehow. */
const STATES = ["online", "away", "dnd", "offline"] as const;

export const SIGNALS: Lookup<Signal> = {
  presence: (data) =>
    has(data, "users")
      ? {
          type: "roster",
          room_id: text(data, "room_id"),
          users: list(data, "users", readPresence),
          online_count: countOr(data, "online_count", null),
        }
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
  room_added: (data) => ({ type: "room_added", room: readCard(data) }),
  room_removed: (data) => ({
    type: "room_removed",
    room_id: text(data, "room_id"),
    reason: textOr(data, "reason", ""),
  }),
  muted: (data) => ({
    type: "muted",
    room_id: text(data, "room_id"),
    is_muted: flag(data, "is_muted"),
    until: textOr(data, "until", null),
  }),
} satisfies Readers<Signal>;

/** One person's state, told alone or with others. */
export function readPresence(from: Json<Content<"presence">>): Presence {
  return {
    person_id: text(from, "person_id"),
    state: word(from, "state", STATES, "online"),
    last_seen: textOr(from, "last_seen", null),
    status_text: textOr(from, "status_text", null),
    rev: countOr(from, "rev", 0),
  };
}
