/** Who is in a room, and who is kept from it or from writing there. */

import type { Call } from "#api/call.ts";
import { pathOf } from "#api/desk.ts";
import { allPages, type Page, readPage } from "#api/pages.ts";
import type * as Http from "#wire/generated/http.ts";
import { type Json, part, textOr } from "#wire/read.ts";
import {
  type Member,
  type Mute,
  type Person,
  readMember,
  readMute,
  readPerson,
} from "#wire/shapes.ts";

export interface MemberSearch {
  readonly words: string;
  /** Null for all. */
  readonly role: string | null;
}

/** A member as somebody sees them who may mute them. */
export interface MemberSeen extends Member {
  readonly mute: Mute | null;
}

/** Somebody who is banned or muted. */
export interface Sanction {
  readonly person: Person;
  /** RFC 3339; null: for good. */
  readonly until: string | null;
  /** Empty where none was given. */
  readonly reason: string;
}

export type SanctionKind = "bans" | "mutes";

export class MembersApi {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  find(roomId: string, search: MemberSearch, cursor: string | null): Promise<Page<MemberSeen>> {
    const query = { q: search.words || null, role: search.role, cursor };
    const request = { method: "GET", path: `${pathOf(roomId)}/members`, query } as const;
    return this.#call(request, readPage(readSeen));
  }

  async setRole(roomId: string, personId: string, role: Http.NewRole["role"]): Promise<void> {
    const path = `${pathOf(roomId)}/members/${personId}`;
    await this.#call({ method: "PUT", path, body: { role } }, () => null);
  }

  /** Make somebody the owner in the reader's place, who stays as an admin. */
  async handOver(roomId: string, personId: string): Promise<void> {
    const body: Http.Heir = { user_id: personId };
    await this.#call({ method: "POST", path: `${pathOf(roomId)}/transfer`, body }, () => null);
  }

  /** Put somebody out, who may come again. */
  async remove(roomId: string, personId: string): Promise<void> {
    const path = `${pathOf(roomId)}/members/${personId}`;
    await this.#call({ method: "DELETE", path }, () => null);
  }

  /** Ban or mute somebody until then; null: for good. */
  async sanction(
    kind: SanctionKind,
    roomId: string,
    personId: string,
    until: string | null,
    reason: string,
  ): Promise<void> {
    const body: Http.NewSanction = {
      ...(until === null ? {} : { until }),
      ...(reason === "" ? {} : { reason }),
    };
    await this.#call({ method: "PUT", path: pathOfOne(kind, roomId, personId), body }, () => null);
  }

  async lift(kind: SanctionKind, roomId: string, personId: string): Promise<void> {
    await this.#call({ method: "DELETE", path: pathOfOne(kind, roomId, personId) }, () => null);
  }

  /** Everybody who is muted, 1,000 at most. */
  muted(roomId: string): Promise<readonly Sanction[]> {
    return allPages(this.#call, `${pathOf(roomId)}/mutes`, {}, readSanction);
  }

  sanctions(kind: SanctionKind, roomId: string, cursor: string | null): Promise<Page<Sanction>> {
    const path = `${pathOf(roomId)}/${kind}`;
    return this.#call({ method: "GET", path, query: { cursor } }, readPage(readSanction));
  }
}

function pathOfOne(kind: SanctionKind, roomId: string, personId: string): string {
  return `${pathOf(roomId)}/${kind}/${personId}`;
}

function readSeen(from: Json<Http.MemberShown>): MemberSeen {
  return { ...readMember(from), mute: readMute(from) };
}

function readSanction(from: Json<Http.SanctionShown>): Sanction {
  return {
    person: readPerson(part(from, "person")),
    until: textOr(from, "until", null),
    reason: textOr(from, "reason", ""),
  };
}
