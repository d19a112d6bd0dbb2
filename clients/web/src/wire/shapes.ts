/** What the socket and the HTTP API both speak of: people, messages, rooms. */

import type {
  MessageShown,
  PersonShown,
  RoomCard,
  RoomShown as RoomSetting,
} from "#wire/generated/heard.ts";
import type {
  LastMessageShown,
  MemberShown,
  ReactionsShown,
  RoomItem,
  RoomShown,
} from "#wire/generated/http.ts";
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

const PERSON_KINDS = ["user", "guest", "bot", "system"] as const;
const ROOM_KINDS = ["public", "private", "direct", "group", "guest"] as const;
const ROOM_STATES = ["scheduled", "open", "read_only", "closed", "deleted"] as const;

export interface Person {
  readonly kind: (typeof PERSON_KINDS)[number];
  readonly id: string;
  readonly name: string;
}

export interface Reaction {
  readonly emoji: string;
  readonly count: number;
  readonly mine: boolean;
}

/** A message as it is now. A deleted one keeps its place and has no content. */
export interface Message {
  readonly id: string;
  readonly seq: number;
  readonly author: Person;
  readonly content: string;
  /** RFC 3339, UTC; for showing only: `seq` orders. */
  readonly created_at: string;
  readonly rev: number;
  readonly edited_at: string | null;
  readonly deleted_at: string | null;
  readonly client_msg_id: string | null;
  /** Ids of the people whom it names. */
  readonly mentions: readonly string[];
  readonly reactions: readonly Reaction[];
  /** The id of the message that it answers. */
  readonly reply_to: string | null;
}

export interface Room {
  readonly id: string;
  readonly kind: (typeof ROOM_KINDS)[number];
  /** Empty for a direct room, which is called by its people. */
  readonly title: string;
  readonly topic: string;
  readonly state: (typeof ROOM_STATES)[number];
  /** How long somebody waits between two messages; 0: not at all. */
  readonly slow_mode_s: number;
  /** RFC 3339; null where it opens, or closes, by nobody's clock. */
  readonly opens_at: string | null;
  readonly closes_at: string | null;
  /** What the link of a guest room ends in; null for others, and for those who may not invite. */
  readonly slug: string | null;
  /** The reader's own role; null for somebody who is not a member. */
  readonly role: string | null;
  /** Everybody in a direct room; empty for all others. */
  readonly people: readonly Person[];
}

/** The newest message of a room, as a list of rooms shows it. */
export interface LastMessage {
  readonly id: string;
  readonly author: Person;
  /** How it begins. */
  readonly content: string;
}

export interface Member {
  readonly person: Person;
  readonly role: string;
}

/** That somebody may not write in a room. */
export interface Mute {
  /** RFC 3339; null: until somebody takes it back. */
  readonly until: string | null;
}

export function readPerson(from: Json<PersonShown>): Person {
  return {
    kind: word(from, "kind", PERSON_KINDS, "user"),
    id: text(from, "id"),
    name: text(from, "name"),
  };
}

/** Only a page of history counts reactions. */
type Counted = { readonly reactions?: readonly ReactionsShown[] };

/** `seq` stands beside the message in a frame and inside it in a page of history. */
export function readMessage(from: Json<MessageShown & Counted>, seq: number): Message {
  return {
    id: text(from, "id"),
    seq,
    author: readPerson(part(from, "author")),
    content: textOr(from, "content", ""),
    created_at: text(from, "created_at"),
    rev: countOr(from, "rev", 0),
    edited_at: textOr(from, "edited_at", null),
    deleted_at: textOr(from, "deleted_at", null),
    client_msg_id: textOr(from, "client_msg_id", null),
    mentions: texts(from, "mentions"),
    reactions: list(from, "reactions", readReaction),
    reply_to: textOr(from, "reply_to", null),
  };
}

/** What `room_updated` tells: all of a room that others than its people change. */
export type Setting = Pick<
  Room,
  "title" | "topic" | "state" | "slow_mode_s" | "opens_at" | "closes_at"
>;

/** A list of rooms leaves out how slow one is. */
type SettingShown = Pick<RoomSetting, "title" | "topic" | "state" | "opens_at" | "closes_at"> & {
  readonly slow_mode_s?: number;
};

export function readSetting(from: Json<SettingShown>): Setting {
  return {
    title: textOr(from, "title", ""),
    topic: textOr(from, "topic", ""),
    state: word(from, "state", ROOM_STATES, "open"),
    slow_mode_s: countOr(from, "slow_mode_s", 0),
    opens_at: textOr(from, "opens_at", null),
    closes_at: textOr(from, "closes_at", null),
  };
}

export function readRoom(from: Json<RoomShown>): Room {
  return {
    ...readSetting(from),
    id: text(from, "id"),
    kind: word(from, "kind", ROOM_KINDS, "private"),
    slug: textOr(from, "slug", null),
    role: textOr(from, "role", null),
    people: list(from, "people", readPerson),
  };
}

/** What a note leaves out, until the room itself is read. */
const UNSAID = {
  state: "open",
  slow_mode_s: 0,
  opens_at: null,
  closes_at: null,
  slug: null,
} as const;

/** A room as the list of one's own rooms tells it. */
export function readListedRoom(from: Json<RoomItem>): Room {
  return {
    ...UNSAID,
    ...readSetting(from),
    id: text(from, "room_id"),
    kind: word(from, "kind", ROOM_KINDS, "private"),
    role: textOr(from, "role", null),
    people: list(from, "people", readPerson),
  };
}

export function readLast(from: Json<LastMessageShown>): LastMessage {
  return {
    id: text(from, "id"),
    author: readPerson(part(from, "author")),
    content: text(from, "content"),
  };
}

/** A room as the note that one is in it tells it. */
export function readCard(from: Json<RoomCard>): Room {
  return {
    id: text(from, "room_id"),
    kind: word(from, "kind", ROOM_KINDS, "private"),
    title: textOr(from, "title", ""),
    topic: textOr(from, "topic", ""),
    ...UNSAID,
    role: textOr(from, "role", null),
    people: [],
  };
}

/** Nothing is said of it to those whom it does not concern. */
type MuteShown = { readonly is_muted?: boolean | null; readonly muted_until?: string | null };

export function readMute(from: Json<MuteShown>): Mute | null {
  return flag(from, "is_muted") ? { until: textOr(from, "muted_until", null) } : null;
}

export function readMember(from: Json<MemberShown>): Member {
  return { person: readPerson(part(from, "person")), role: textOr(from, "role", "member") };
}

function readReaction(from: Json<ReactionsShown>): Reaction {
  return { emoji: text(from, "emoji"), count: count(from, "count"), mine: flag(from, "mine") };
}
