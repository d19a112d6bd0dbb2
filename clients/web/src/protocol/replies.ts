/** The positive answers to commands. */

import { readEvent } from "#protocol/changes.ts";
import type { Recovery, Reply, RoomPosition } from "#protocol/frames.ts";
import type { Lookup, Readers } from "#protocol/readers.ts";
import { readPresence } from "#protocol/signals.ts";
import type { NotRecovered, Recovered, StandingShown } from "#wire/generated/heard.ts";
import {
  count,
  countOr,
  flag,
  type Json,
  list,
  part,
  text,
  textOr,
  texts,
  word,
} from "#wire/read.ts";
import { readPerson } from "#wire/shapes.ts";

const CHOSEN_STATES = ["online", "away", "dnd", "invisible"] as const;

export const REPLIES: Lookup<Reply> = {
  ack: (data) => ({ type: "ack", seq: countOr(data, "seq", null) }),
  events: (data) => ({
    type: "events",
    events: list(data, "events", readEvent),
    head_seq: count(data, "head_seq"),
    more: flag(data, "more"),
  }),
  pong: (data) => ({ type: "pong", pressure: countOr(data, "pressure", 0) }),
  ready: (data) => ({
    type: "ready",
    person: readPerson(part(data, "person")),
    presence_state: word(data, "presence_state", CHOSEN_STATES, "online"),
    rooms: list(data, "rooms", readPosition),
  }),
  resumed: (data) => ({ type: "resumed", rooms: list(data, "rooms", readRecovery) }),
  room_joined: (data) => ({
    type: "room_joined",
    room_id: text(data, "room_id"),
    epoch: text(data, "epoch"),
    head_seq: count(data, "head_seq"),
    read_seq: countOr(data, "read_seq", 0),
    role: textOr(data, "role", null),
    recovered: flag(data, "recovered"),
    online: texts(data, "online"),
    online_count: countOr(data, "online_count", null),
    states: list(data, "states", readPresence),
  }),
  room_left: (data) => ({
    type: "room_left",
    room_id: text(data, "room_id"),
    reason: textOr(data, "reason", ""),
  }),
} satisfies Readers<Reply>;

function readPosition(from: Json<StandingShown>): RoomPosition {
  return {
    room_id: text(from, "room_id"),
    epoch: text(from, "epoch"),
    head_seq: count(from, "head_seq"),
    read_seq: countOr(from, "read_seq", 0),
    unread: countOr(from, "unread", 0),
    mentions: countOr(from, "mentions", 0),
    role: textOr(from, "role", null),
  };
}

function readRecovery(from: Json<Recovered | NotRecovered>): Recovery {
  return {
    room_id: text(from, "room_id"),
    recovered: flag(from, "recovered"),
    to: countOr(from, "to", null),
    reason: textOr(from, "reason", null),
  };
}
