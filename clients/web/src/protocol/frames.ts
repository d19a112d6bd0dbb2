/**
 * The frames of `chat.v1` as this client knows them. Members keep their names from the wire.
 *
 * A *frame* is one JSON text on the socket, a *command* is a frame we send, an *event* is a durable
 * change of one room with its `seq`. `receive.ts` makes these values from what arrives.
 */

import type { Presence as PresenceFrame } from "#wire/generated/heard.ts";
import type { Said } from "#wire/generated/said.ts";
import type { Problem } from "#wire/problem.ts";
import type { Message, Person, Room, Setting } from "#wire/shapes.ts";

/** How far somebody holds a room's log: everything up to and including `seq` of this `epoch`. */
export interface Cursor {
  readonly room_id: string;
  readonly seq: number;
  readonly epoch: string;
}

/** A frame of ours, as the server's schemas let a client say it. */
export type SaidFrame = Lasting<Said>;

/** What each command carries, by its type. */
export type Commands = {
  readonly [Frame in Said as Frame["type"]]: Lasting<NonNullable<Frame["data"]>>;
};

export type CommandType = keyof Commands;

/** What a person may choose to be seen as. */
export type ChosenState = Commands["set_presence"]["state"];

/** What a durable event changed. `unknown` is from a newer server: it only counts its seq. */
export type Change =
  | { readonly type: "message"; readonly message: Message }
  | {
      readonly type: "message_edited";
      readonly id: string;
      readonly content: string;
      readonly rev: number;
      readonly edited_at: string | null;
      readonly deleted_at: string | null;
    }
  | {
      readonly type: "message_deleted";
      readonly id: string;
      readonly deleted_at: string;
      /** What to call its author from now on, when they were erased. */
      readonly author: Person | null;
    }
  | {
      readonly type: "reaction_added" | "reaction_removed";
      readonly message_id: string;
      readonly person: Person;
      readonly emoji: string;
    }
  | {
      readonly type: "member_joined" | "member_updated" | "member_left";
      readonly person: Person;
      readonly role: string | null;
    }
  | ({ readonly type: "room_updated" } & Setting)
  | { readonly type: "room_deleted" }
  | { readonly type: "unknown" };

export interface RoomEvent {
  readonly room_id: string;
  readonly seq: number;
  readonly change: Change;
}

/** The limits of `hello` that this client keeps. */
export interface Limits {
  readonly content_chars: number;
  readonly in_flight: number;
  readonly rooms_attached: number;
  readonly sync_limit: number;
  readonly typing_interval_ms: number;
}

/** A member room as `ready` tells it. */
export interface RoomPosition {
  readonly room_id: string;
  readonly epoch: string;
  readonly head_seq: number;
  readonly read_seq: number;
  readonly unread: number;
  readonly mentions: number;
  readonly role: string | null;
}

export interface Ready {
  readonly type: "ready";
  readonly person: Person;
  readonly presence_state: ChosenState;
  readonly rooms: readonly RoomPosition[];
}

export interface RoomJoined {
  readonly type: "room_joined";
  readonly room_id: string;
  readonly epoch: string;
  readonly head_seq: number;
  readonly read_seq: number;
  readonly role: string | null;
  readonly recovered: boolean;
  readonly online: readonly string[];
  /** Of everybody who is here; null when the server does not know. */
  readonly online_count: number | null;
  /** Those of them who are not simply online. */
  readonly states: readonly Presence[];
}

/**
 * Every command with a `ref` gets exactly one of these, or an `error`. `resumed` and `room_left` come
 * without a `ref` too: after the cursors of `auth`, and when the server takes us out of a room.
 */
export type Reply =
  | { readonly type: "ack"; readonly seq: number | null }
  | {
      readonly type: "events";
      readonly events: readonly RoomEvent[];
      readonly head_seq: number;
      readonly more: boolean;
    }
  | { readonly type: "pong"; readonly pressure: number }
  | { readonly type: "resumed"; readonly rooms: readonly Recovery[] }
  | { readonly type: "room_left"; readonly room_id: string; readonly reason: string }
  | RoomJoined
  | Ready;

export interface Presence {
  readonly person_id: string;
  readonly state: PresenceFrame["data"]["state"];
  /** RFC 3339, UTC: when somebody who is offline was last here. */
  readonly last_seen: string | null;
  readonly status_text: string | null;
  readonly rev: number;
}

export interface Recovery {
  readonly room_id: string;
  readonly recovered: boolean;
  /** The last seq that was replayed; null when nothing was recovered. */
  readonly to: number | null;
  readonly reason: string | null;
}

/** Signals and personal notes: no seq, and the next one makes the last one worthless. */
export type Signal =
  | { readonly type: "presence"; readonly presence: Presence }
  | {
      readonly type: "roster";
      readonly room_id: string;
      /** Nobody is named in a room of very many. */
      readonly users: readonly Presence[];
      readonly online_count: number | null;
    }
  | {
      readonly type: "typing";
      readonly room_id: string;
      readonly person_id: string;
      readonly is_typing: boolean;
      readonly expires_in_ms: number;
    }
  | {
      readonly type: "receipt";
      readonly room_id: string;
      readonly person_id: string;
      readonly read_seq: number;
    }
  | {
      readonly type: "room_head";
      readonly room_id: string;
      readonly head_seq: number;
      readonly unread: number;
      readonly mentions: number;
    }
  | { readonly type: "room_added"; readonly room: Room }
  | { readonly type: "room_removed"; readonly room_id: string; readonly reason: string }
  | {
      readonly type: "muted";
      readonly room_id: string;
      readonly is_muted: boolean;
      /** RFC 3339; null: until somebody takes it back. */
      readonly until: string | null;
    };

export type ServerFrame =
  | {
      readonly type: "hello";
      /** RFC 3339; null from a server that does not say. */
      readonly server_time: string | null;
      readonly heartbeat_ms: number;
      readonly limits: Limits;
    }
  | { readonly type: "reply"; readonly ref: string | null; readonly reply: Reply }
  | { readonly type: "error"; readonly ref: string | null; readonly problem: Problem }
  | { readonly type: "event"; readonly event: RoomEvent }
  | {
      readonly type: "gap";
      readonly room_id: string;
      readonly to_seq: number;
      readonly reason: string;
    }
  | { readonly type: "token_expiring" }
  | { readonly type: "reconnect"; readonly after_ms: number }
  | { readonly type: "signal"; readonly signal: Signal };

/** The same, not to be changed. */
type Lasting<T> = { readonly [K in keyof T]: Lasting<T[K]> };
