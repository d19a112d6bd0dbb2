/**
 * The log-in of this browser: an access token in memory, and a refresh cookie that scripts cannot
 * read. Nothing of it is written to the browser's storage.
 *
 * All pages share the cookie, so somebody else may log in beside this page. Each answer says whose
 * the cookie is, and this page gets tokens of its own person only.
 */

import { exchange, type HttpEdges, Refused } from "#api/http.ts";
import type * as Http from "#wire/generated/http.ts";
import { count, type Json, part, text, textOr } from "#wire/read.ts";

export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
}

export interface Grant {
  readonly token: string;
  /** In ms, on the clock of `SessionEdges`. */
  readonly expiresAt: number;
}

export interface SessionEdges extends HttpEdges {
  now(): number;
  /** Run `work` while no other page of this origin runs work of the same name. */
  withLock<T>(name: string, work: () => Promise<T>): Promise<T>;
}

export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly name: string;
  /** The one-time word that makes the first account the owner of this server. */
  readonly ownerToken: string | null;
}

/** A token with less left is renewed rather than used. */
const LEAST_LEFT_MS = 10_000;
const REFRESH_LOCK = "hubbub.refresh";

export class Session {
  readonly #edges: SessionEdges;
  #grant: Grant | null = null;
  /** Whose the cookie was when it was last used. */
  #holder: User | null = null;
  /** Who uses this page; null before anybody does. */
  #personId: string | null = null;
  #refreshing: Promise<Grant | null> | null = null;

  constructor(edges: SessionEdges) {
    this.#edges = edges;
  }

  /** Log in and return who it is.  Raises: Refused. */
  async logIn(email: string, password: string): Promise<User> {
    const body: Http.Login = { email, password, cookie: true };
    return this.#enter(await this.#post("/v1/auth/login", body));
  }

  /** Create an account; null means that a mail was sent and has to be answered.  Raises: Refused. */
  async register({ email, password, name, ownerToken }: Registration): Promise<User | null> {
    const proof = ownerToken === null ? {} : { owner_token: ownerToken };
    const body: Http.Registration = { email, password, name, cookie: true, ...proof };
    const answer = await this.#post("/v1/auth/register", body);
    if (textOr(answer, "status", null) === "verification_sent") return null;
    return this.#enter(answer);
  }

  /** Take up the session of the cookie, if there is one; null if not.  Raises: Refused. */
  async restore(): Promise<User | null> {
    if (!(await this.token(true))) return null;
    this.#personId ??= this.#holder?.id ?? null;
    return this.#holder;
  }

  /** Go on as somebody who was logged in here before; the server is asked when it can be. */
  resume(user: User): void {
    this.#personId = user.id;
  }

  /** Somebody else whose session the cookie is now, if that is known. */
  get other(): User | null {
    return this.#holder?.id === this.#personId ? null : this.#holder;
  }

  /** Return a token that is good for a while, null if the session has ended.  Raises: Refused. */
  async token(isFresh: boolean): Promise<Grant | null> {
    const left = (this.#grant?.expiresAt ?? 0) - this.#edges.now();
    if (isFresh || left <= LEAST_LEFT_MS) {
      this.#refreshing ??= this.#refresh().finally(() => {
        this.#refreshing = null;
      });
      await this.#refreshing;
    }
    const isMine = this.#personId === null || this.#personId === this.#holder?.id;
    return isMine ? this.#grant : null;
  }

  /** End the session here and on the server.  Raises: Refused; then it has not ended. */
  async logOut(): Promise<void> {
    const grant = await this.token(false);
    if (grant) await this.#end(grant.token);
    this.forget();
  }

  /** The session is over, or another page goes on with it. */
  forget(): void {
    this.#grant = null;
    this.#holder = null;
    this.#personId = null;
  }

  /** Rotate the cookie. Two pages doing so at once would look like a stolen one: hence the lock. */
  #refresh(): Promise<Grant | null> {
    return this.#edges.withLock(REFRESH_LOCK, async () => {
      try {
        return this.#keep(await this.#post("/v1/auth/refresh", {}));
      } catch (error) {
        if (!isUnauthenticated(error)) throw error;
        this.#grant = null;
        this.#holder = null;
        return null;
      }
    });
  }

  #enter(answer: Json<Http.SignedIn>): User {
    this.#keep(answer);
    const user = readUser(part(answer, "user"));
    this.#personId = user.id;
    return user;
  }

  async #end(token: string): Promise<void> {
    try {
      await exchange(this.#edges, { method: "POST", path: "/v1/auth/logout" }, token);
    } catch (error) {
      if (!isUnauthenticated(error)) throw error;
    }
  }

  #post(path: string, body: object): Promise<Json> {
    return exchange(this.#edges, { method: "POST", path, body }, null);
  }

  #keep(answer: Json<Http.SignedIn>): Grant {
    const lifeMs = count(answer, "expires_in") * 1_000;
    this.#holder = readUser(part(answer, "user"));
    this.#grant = {
      token: text(answer, "access_token"),
      expiresAt: this.#edges.now() + lifeMs,
    };
    return this.#grant;
  }
}

function readUser(from: Json<Http.AccountShown>): User {
  return { id: text(from, "id"), name: text(from, "name"), email: textOr(from, "email", null) };
}

function isUnauthenticated(error: unknown): boolean {
  return error instanceof Refused && error.status === 401;
}
