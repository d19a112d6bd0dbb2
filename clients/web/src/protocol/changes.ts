/** The durable events: what one entry of a room's log changed. */

import type { Change, RoomEvent } from "#protocol/frames.ts";
import type { Events, MemberShown, ReactionShown, RoomShown } from "#wire/generated/heard.ts";
import { count, type Json, Malformed, object, part, partOr, text, textOr } from "#wire/read.ts";
import { readMessage, readPerson, readSetting } from "#wire/shapes.ts";

/** Every kind of entry that the server's schemas have. */
type Entry = Events["data"]["events"][number];

/** All of them are read: one more on the server is a mistake of types here. */
type Readers = {
  readonly [Type in Entry["type"]]: (
    data: Json<Extract<Entry, { type: Type }>["data"]>,
    seq: number,
  ) => Change;
};

export function readEvent(frame: Json<Entry>): RoomEvent {
  return { room_id: text(frame, "room_id"), seq: count(frame, "seq"), change: readChange(frame) };
}

function readChange(frame: Json<Entry>): Change {
  try {
    const read = CHANGES[text(frame, "type")];
    return read?.(object(part(frame, "data")), count(frame, "seq")) ?? { type: "unknown" };
  } catch (error) {
    if (error instanceof Malformed) return { type: "unknown" };
    throw error;
  }
}

const CHANGES: Readonly<Record<string, (data: Json, seq: number) => Change>> = {
  message: (data, seq) => ({ type: "message", message: readMessage(data, seq) }),
  message_edited: (data) => ({
    type: "message_edited",
    id: text(data, "id"),
    content: textOr(data, "content", ""),
    rev: count(data, "rev"),
    edited_at: textOr(data, "edited_at", null),
    deleted_at: textOr(data, "deleted_at", null),
  }),
  message_deleted: (data) => {
    const author = partOr(data, "author");
    return {
      type: "message_deleted",
      id: text(data, "id"),
      deleted_at: text(data, "deleted_at"),
      author: author && readPerson(author),
    };
  },
  reaction_added: (data) => ({ type: "reaction_added", ...readReaction(data) }),
  reaction_removed: (data) => ({ type: "reaction_removed", ...readReaction(data) }),
  member_joined: (data) => ({ type: "member_joined", ...readMembership(data) }),
  member_updated: (data) => ({ type: "member_updated", ...readMembership(data) }),
  member_left: (data) => ({ type: "member_left", ...readMembership(data) }),
  room_updated: readRoomUpdate,
  room_opened: readRoomUpdate,
  room_closed: readRoomUpdate,
  room_deleted: () => ({ type: "room_deleted" }),
} satisfies Readers;

/** That a room opened or closed is a change of it like any other. */
function readRoomUpdate(data: Json<RoomShown>): Change {
  return { type: "room_updated", ...readSetting(data) };
}

function readReaction(data: Json<ReactionShown>) {
  return {
    message_id: text(data, "message_id"),
    person: readPerson(part(data, "person")),
    emoji: text(data, "emoji"),
  };
}

function readMembership(data: Json<MemberShown>) {
  return { person: readPerson(part(data, "person")), role: textOr(data, "role", null) };
}
