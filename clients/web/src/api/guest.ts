/**
 * A guest of one room: comes in by an alias, and stays with tokens that are good for that room only.
 *
 * What lets them back in is kept in this browser (a `Pocket`), so that a phone which drops the page,
 * or a second tab, finds the same guest: their alias would be taken otherwise, by themselves. It is
 * renewed under a lock, since two tabs with one refresh token would look like a stolen one.
 */

import { pathOfDoor } from "#api/door.ts";
import { exchange, type HttpEdges, Refused } from "#api/http.ts";
import type { Grant, Tokens } from "#api/session.ts";
import type { GuestIn } from "#wire/generated/http.ts";
import { count, type Json, part, text } from "#wire/read.ts";
import { type Person, type Room, readPerson, readRoom } from "#wire/shapes.ts";

/** What a browser keeps of a guest. */
export interface Token {
  readonly alias: string;
  readonly refreshToken: string;
}

/** Where it is kept, for one room. */
export interface Pocket {
  /** Names this browser at the door, 16 to 64 letters, the same each time. */
  readonly device: string;
  /** What is there was put there by this very tab, or by the one that this is a copy of. */
  readonly isOwn: boolean;
  get(): Token | null;
  put(token: Token): void;
  clear(): void;
}

export interface GuestEdges extends HttpEdges {
  now(): number;
  withLock<T>(name: string, work: () => Promise<T>): Promise<T>;
  readonly pocket: Pocket;
}

/** A guest who is in. */
export interface Guest {
  readonly room: Room;
  readonly person: Person;
}

/** A token is renewed that is about to expire while a request is on its way. */
const LEAST_LEFT_MS = 30_000;
/** Of a room that ended, or a guest who was sent away. */
const ENDED: readonly number[] = [401, 403, 404];

export class GuestSession implements Tokens {
  readonly #edges: GuestEdges;
  readonly #slug: string;
  #grant: Grant | null = null;
  /** Who came in by this page; null while nobody did. */
  #alias: string | null = null;
  #refreshing: Promise<Guest | null> | null = null;

  constructor(edges: GuestEdges, slug: string) {
    this.#edges = edges;
    this.#slug = slug;
  }

  /** What this browser kept of a guest of this room. */
  get kept(): Token | null {
    return this.#edges.pocket.get();
  }

  /** It is of this very tab, so nobody else is before it. */
  get isOwn(): boolean {
    return this.#edges.pocket.isOwn;
  }

  /** Come in.  Raises: Refused. */
  async enter(alias: string, password: string): Promise<Guest> {
    const { device } = this.#edges.pocket;
    const body = { alias, device, ...(password === "" ? {} : { password }) };
    return this.#keep(await this.#post("/guests", body));
  }

  /** Go on with what this browser kept; null if that is not good any more.  Raises: Refused. */
  async restore(): Promise<Guest | null> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  /** Return a token that is good for a while, null if the guest is out.  Raises: Refused. */
  async token(isFresh: boolean): Promise<Grant | null> {
    const left = (this.#grant?.expiresAt ?? 0) - this.#edges.now();
    if (isFresh || left <= LEAST_LEFT_MS) await this.restore();
    return this.#grant;
  }

  /** Go, and let others have the alias.  Raises: Refused; then this browser is still in. */
  async leave(): Promise<void> {
    const grant = await this.token(false);
    const request = { method: "POST", path: `${pathOfDoor(this.#slug)}/leave` } as const;
    if (grant) await exchange(this.#edges, request, grant.token);
    this.forget();
  }

  /** The visit is over: nothing of it stays here. */
  forget(): void {
    if (!this.#isReplaced) this.#edges.pocket.clear();
    this.#grant = null;
    this.#alias = null;
  }

  /** In another tab somebody else came in since, whose room it is in this browser now. */
  get #isReplaced(): boolean {
    return this.#alias !== null && this.kept !== null && this.kept.alias !== this.#alias;
  }

  #refresh(): Promise<Guest | null> {
    return this.#edges.withLock(`hubbub.guest.${this.#slug}`, async () => {
      const kept = this.#isReplaced ? null : this.kept;
      if (!kept) {
        this.#grant = null;
        return null;
      }
      try {
        return this.#keep(await this.#post("/refresh", { refresh_token: kept.refreshToken }));
      } catch (error) {
        if (!(error instanceof Refused) || !ENDED.includes(error.status)) throw error;
        this.forget();
        return null;
      }
    });
  }

  #post(what: string, body: object): Promise<Json> {
    const path = `${pathOfDoor(this.#slug)}${what}`;
    return exchange(this.#edges, { method: "POST", path, body }, null);
  }

  #keep(answer: Json<GuestIn>): Guest {
    const person = readPerson(part(answer, "person"));
    const room = readRoom(part(answer, "room"));
    this.#grant = {
      token: text(answer, "access_token"),
      expiresAt: this.#edges.now() + count(answer, "expires_in") * 1_000,
    };
    this.#alias = person.name;
    this.#edges.pocket.put({ alias: person.name, refreshToken: text(answer, "refresh_token") });
    return { person, room };
  }
}
