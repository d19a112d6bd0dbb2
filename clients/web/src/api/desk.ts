/** Looking after a room: its settings, its guests, and what was changed in it. */

import type { Call, FileCall } from "#api/call.ts";
import { allPages, type Page, readPage } from "#api/pages.ts";
import type * as Http from "#wire/generated/http.ts";
import {
  countOr,
  flag,
  has,
  type Json,
  members,
  part,
  partOr,
  text,
  textOr,
  texts,
} from "#wire/read.ts";
import { type Mute, type Person, type Room, readMute, readPerson, readRoom } from "#wire/shapes.ts";

/** What somebody may do in a room. */
export interface Rights {
  /** Their own, or the one that a role in the system brings along. */
  readonly role: string | null;
  /** Whether they may do this, by the server's word for it. */
  has(action: string): boolean;
}

/** A room with what only those see who look after it. */
export interface KeptRoom {
  readonly room: Room;
  readonly members: number;
  /** Null where the server says nothing of a password. */
  readonly hasPassword: boolean | null;
  /** An admin has shut the door. */
  readonly isLocked: boolean;
  /** Too many came at once: until then nobody is let in. */
  readonly lockedUntil: string | null;
  /** Null: as many as the server takes. */
  readonly mostMembers: number | null;
  /** Seconds after it closes; null: it stays. */
  readonly purgeAfterS: number | null;
  /** When it is removed for good, if that is known. */
  readonly purgeAt: string | null;
  readonly isArchived: boolean;
}

/** What can be changed; null takes a password, a time or a limit away. */
export type RoomWish = Http.RoomChange;

/** A new room for guests. */
export interface GuestRoomWish {
  readonly title: string;
  readonly topic: string;
  /** Empty for none. */
  readonly password: string;
  /** RFC 3339; null: now, and never. */
  readonly opensAt: string | null;
  readonly closesAt: string | null;
  readonly purgeAfterS: number | null;
}

/** Somebody who is in by an alias. */
export interface GuestSeen {
  readonly person: Person;
  readonly since: string;
  readonly mute: Mute | null;
}

/** One entry of a room's history. */
export interface Changed {
  readonly at: string;
  readonly kind: string;
  /** Null for the clock, and for who is no more. */
  readonly actor: Person | null;
  readonly subject: Person | null;
  readonly details: readonly (readonly [string, unknown])[];
}

export class DeskApi {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  rights(roomId: string): Promise<Rights> {
    const request = { method: "GET", path: `${pathOf(roomId)}/permissions` } as const;
    return this.#call(request, readRights);
  }

  room(roomId: string): Promise<KeptRoom> {
    return this.#call({ method: "GET", path: pathOf(roomId) }, readKept);
  }

  change(roomId: string, body: RoomWish): Promise<KeptRoom> {
    return this.#call({ method: "PATCH", path: pathOf(roomId), body }, readKept);
  }

  /** Whether rooms for people without accounts are made on this server. */
  mayOpen(): Promise<boolean> {
    return this.#call({ method: "GET", path: "/v1/guest-rooms" }, readOffer);
  }

  /** Make a room for people without accounts. `key`: the same one again makes nothing new. */
  open(wish: GuestRoomWish, key: string): Promise<KeptRoom> {
    const body: Http.NewRoom = {
      kind: "guest",
      title: wish.title,
      ...(wish.topic === "" ? {} : { topic: wish.topic }),
      ...(wish.password === "" ? {} : { password: wish.password }),
      ...(wish.opensAt === null ? {} : { opens_at: wish.opensAt }),
      ...(wish.closesAt === null ? {} : { closes_at: wish.closesAt }),
      ...(wish.purgeAfterS === null ? {} : { purge_after_s: wish.purgeAfterS }),
    };
    const request = { method: "POST", path: "/v1/rooms", body, idempotencyKey: key } as const;
    return this.#call(request, readKept);
  }

  /** Close a room and take it out of everybody's way; or bring it back. */
  archive(roomId: string, isArchived: boolean): Promise<KeptRoom> {
    const path = `${pathOf(roomId)}/${isArchived ? "archive" : "unarchive"}`;
    return this.#call({ method: "POST", path }, readKept);
  }

  /** Delete a room for everybody in it; for a while it can be restored. */
  async remove(roomId: string): Promise<void> {
    await this.#call({ method: "DELETE", path: pathOf(roomId) }, () => null);
  }

  restore(roomId: string): Promise<KeptRoom> {
    return this.#call({ method: "POST", path: `${pathOf(roomId)}/restore` }, readKept);
  }

  /** Return the reader's rooms that are deleted and can be restored. */
  deleted(): Promise<readonly KeptRoom[]> {
    return allPages(this.#call, "/v1/rooms", { scope: "deleted" }, readKept);
  }

  changes(roomId: string, cursor: string | null): Promise<Page<Changed>> {
    const path = `${pathOf(roomId)}/changes`;
    return this.#call({ method: "GET", path, query: { cursor } }, readPage(readChange));
  }

  guests(roomId: string): Promise<readonly GuestSeen[]> {
    return allPages(this.#call, `${pathOf(roomId)}/guests`, {}, readGuest);
  }
}

/** Return all that was said in a room, for people or for programs. */
export function fetchTranscript(
  call: FileCall,
  roomId: string,
  format: "text" | "json",
): Promise<Blob> {
  return call({ method: "GET", path: `${pathOf(roomId)}/transcript`, query: { format } });
}

export function pathOf(roomId: string): string {
  return `/v1/rooms/${roomId}`;
}

function readRights(from: Json<Http.Permissions>): Rights {
  const allowed = new Set(texts(from, "allowed"));
  return { role: textOr(from, "role", null), has: (action) => allowed.has(action) };
}

function readKept(from: Json<Http.RoomShown>): KeptRoom {
  return {
    room: readRoom(from),
    members: countOr(from, "member_count", 0),
    hasPassword: has(from, "has_password") ? flag(from, "has_password") : null,
    isLocked: flag(from, "is_locked"),
    lockedUntil: textOr(from, "locked_until", null),
    mostMembers: countOr(from, "max_members", null),
    purgeAfterS: countOr(from, "purge_after_s", null),
    purgeAt: textOr(from, "purge_at", null),
    isArchived: has(from, "archived_at"),
  };
}

function readOffer(from: Json<Http.GuestRoomsOffered>): boolean {
  return flag(from, "may_be_made");
}

function readGuest(from: Json<Http.GuestShown>): GuestSeen {
  return {
    person: readPerson(part(from, "person")),
    since: text(from, "since"),
    mute: readMute(from),
  };
}

function readChange(from: Json<Http.RoomChangeShown>): Changed {
  const actor = partOr(from, "actor");
  const subject = partOr(from, "subject");
  const details = partOr(from, "details");
  return {
    at: text(from, "at"),
    kind: text(from, "kind"),
    actor: actor && readPerson(actor),
    subject: subject && readPerson(subject),
    details: details ? members(details) : [],
  };
}
