/** Links with which somebody comes into a room that is not theirs to find. */

import type { Call } from "#api/call.ts";
import { pathOf } from "#api/desk.ts";
import { allPages } from "#api/pages.ts";
import type * as Http from "#wire/generated/http.ts";
import { count, countOr, flag, type Json, part, text, textOr } from "#wire/read.ts";
import { type Person, type Room, readPerson, readRoom } from "#wire/shapes.ts";

export interface RoomInvite {
  readonly id: string;
  /** Null where the server cannot show it again. */
  readonly code: string | null;
  readonly role: string;
  readonly uses: number;
  /** Null: as many as come. */
  readonly maxUses: number | null;
  readonly expiresAt: string | null;
  readonly madeBy: Person;
  readonly madeAt: string;
}

/** For how many an invitation is good, and for how long (seconds); without: for all, for ever. */
export type InviteLimits = Pick<Http.NewInvite, "max_uses" | "expires_in_s">;

/** What an invitation leads to, before it is accepted. */
export interface Invitation {
  readonly roomId: string;
  readonly title: string;
  readonly topic: string;
  readonly members: number;
  readonly role: string;
  readonly madeBy: Person;
  readonly isMember: boolean;
}

export class RoomInvitesApi {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  of(roomId: string): Promise<readonly RoomInvite[]> {
    return allPages(this.#call, `${pathOf(roomId)}/invites`, {}, readInvite);
  }

  make(roomId: string, body: Http.NewRoomInvite): Promise<RoomInvite> {
    return this.#call({ method: "POST", path: `${pathOf(roomId)}/invites`, body }, readInvite);
  }

  async revoke(id: string): Promise<void> {
    await this.#call({ method: "DELETE", path: pathOfInvite(id) }, () => null);
  }

  look(code: string): Promise<Invitation> {
    return this.#call({ method: "GET", path: pathOfInvite(code) }, readInvitation);
  }

  accept(code: string): Promise<Room> {
    return this.#call({ method: "POST", path: `${pathOfInvite(code)}/accept` }, readRoom);
  }
}

function pathOfInvite(codeOrId: string): string {
  return `/v1/invites/${encodeURIComponent(codeOrId)}`;
}

function readInvite(from: Json<Http.RoomInviteShown>): RoomInvite {
  return {
    id: text(from, "id"),
    code: textOr(from, "code", null),
    role: textOr(from, "role", "member"),
    uses: count(from, "uses"),
    maxUses: countOr(from, "max_uses", null),
    expiresAt: textOr(from, "expires_at", null),
    madeBy: readPerson(part(from, "made_by")),
    madeAt: text(from, "created_at"),
  };
}

function readInvitation(from: Json<Http.RoomInvitePreview>): Invitation {
  const room = part(from, "room");
  return {
    roomId: text(room, "id"),
    title: textOr(room, "title", ""),
    topic: textOr(room, "topic", ""),
    members: countOr(room, "member_count", 0),
    role: textOr(from, "role", "member"),
    madeBy: readPerson(part(from, "made_by")),
    isMember: flag(from, "is_member"),
  };
}
