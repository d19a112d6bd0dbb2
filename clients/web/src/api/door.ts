/** The door of a guest room: what anybody who has its link may know, before they are in. */

import type { Call } from "#api/call.ts";
import type { DoorShown } from "#wire/generated/http.ts";
import { flag, type Json, text, textOr, word } from "#wire/read.ts";

const STATES = ["scheduled", "open", "read_only", "closed"] as const;

export interface Door {
  readonly title: string;
  readonly topic: string;
  /** The name of whoever opened the room. */
  readonly facilitator: string;
  readonly state: (typeof STATES)[number];
  /** RFC 3339; null where it opens, or closes, by nobody's clock. */
  readonly opensAt: string | null;
  readonly closesAt: string | null;
  readonly hasPassword: boolean;
  /** Nobody more is let in, for now. */
  readonly isLocked: boolean;
  readonly isFull: boolean;
  /** What the server's clock said, RFC 3339. */
  readonly serverTime: string;
}

/** Return what is known of the room behind a link.  Raises: Refused. */
export function readDoorOf(ask: Call, slug: string): Promise<Door> {
  return ask({ method: "GET", path: pathOfDoor(slug) }, readDoor);
}

export function pathOfDoor(slug: string): string {
  return `/v1/guest-rooms/${encodeURIComponent(slug)}`;
}

function readDoor(from: Json<DoorShown>): Door {
  return {
    title: text(from, "title"),
    topic: textOr(from, "topic", ""),
    facilitator: text(from, "facilitator"),
    state: word(from, "state", STATES, "closed"),
    opensAt: textOr(from, "opens_at", null),
    closesAt: textOr(from, "closes_at", null),
    hasPassword: flag(from, "has_password"),
    isLocked: flag(from, "is_locked"),
    isFull: flag(from, "is_full"),
    serverTime: text(from, "server_time"),
  };
}
