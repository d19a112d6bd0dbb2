/** What the socket and the HTTP API both speak of: people, messages, rooms. */

import type { MessageShown, PersonShown, RoomCard } from "#wire/generated/heard.ts";
import type { MemberShown, ReactionsShown, RoomShown } from "#wire/generated/http.ts";
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
  /** The reader's own role; null for somebody who is not a member. */
  readonly role: string | null;
  /** Everybody in a direct room; empty for all others. */
  readonly people: readonly Person[];
}

export interface Member {
  readonly person: Person;
  readonly role: string;
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

export function readRoom(from: Json<RoomShown>): Room {
  return {
    id: text(from, "id"),
    kind: word(from, "kind", ROOM_KINDS, "private"),
    title: textOr(from, "title", ""),
    topic: textOr(from, "topic", ""),
    role: textOr(from, "role", null),
    people: list(from, "people", readPerson),
  };
}

/** A room as the note that one is in it tells it. */
export function readCard(from: Json<RoomCard>): Room {
  return {
    id: text(from, "room_id"),
    kind: word(from, "kind", ROOM_KINDS, "private"),
    title: textOr(from, "title", ""),
    topic: textOr(from, "topic", ""),
    role: textOr(from, "role", null),
    people: [],
  };
}

export function readMember(from: Json<MemberShown>): Member {
  return { person: readPerson(part(from, "person")), role: textOr(from, "role", "member") };
}

function readReaction(from: Json<ReactionsShown>): Reaction {
  return { emoji: text(from, "emoji"), count: count(from, "count"), mine: flag(from, "mine") };
}
