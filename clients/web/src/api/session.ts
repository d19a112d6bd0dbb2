/**
 * The log-in of this browser: an access token in memory, and a refresh cookie that scripts cannot
 * read. Nothing is written to the browser's storage.
 */

import { exchange, type HttpEdges, Refused } from "#api/http.ts";
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
  #refreshing: Promise<Grant | null> | null = null;

  constructor(edges: SessionEdges) {
    this.#edges = edges;
  }

  /** Log in and return who it is.  Raises: Refused. */
  async logIn(email: string, password: string): Promise<User> {
    const body = { email, password, cookie: true };
    const answer = await this.#post("/v1/auth/login", body);
    this.#keep(answer);
    return readUser(part(answer, "user"));
  }

  /** Create an account; null means that a mail was sent and has to be answered.  Raises: Refused. */
  async register({ email, password, name, ownerToken }: Registration): Promise<User | null> {
    const proof = ownerToken === null ? {} : { owner_token: ownerToken };
    const body = { email, password, name, cookie: true, ...proof };
    const answer = await this.#post("/v1/auth/register", body);
    if (textOr(answer, "status", null) === "verification_sent") return null;
    this.#keep(answer);
    return readUser(part(answer, "user"));
  }

  /** Take up the session of the cookie, if there is one; null if not.  Raises: Refused. */
  async restore(): Promise<User | null> {
    const grant = await this.token(true);
    if (!grant) return null;
    const me = { method: "GET", path: "/v1/me" } as const;
    return readUser(await exchange(this.#edges, me, grant.token));
  }

  /** Return a token that is good for a while, null if the session has ended.  Raises: Refused. */
  token(isFresh: boolean): Promise<Grant | null> {
    const left = (this.#grant?.expiresAt ?? 0) - this.#edges.now();
    if (!isFresh && left > LEAST_LEFT_MS) return Promise.resolve(this.#grant);
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  /** End the session here and on the server.  Raises: Refused; then it has not ended. */
  async logOut(): Promise<void> {
    const grant = await this.token(false);
    if (grant) await this.#end(grant.token);
    this.#grant = null;
  }

  /** The server said that the session is over. */
  forget(): void {
    this.#grant = null;
  }

  /** Rotate the cookie. Two pages doing so at once would look like a stolen one: hence the lock. */
  #refresh(): Promise<Grant | null> {
    return this.#edges.withLock(REFRESH_LOCK, async () => {
      try {
        return this.#keep(await this.#post("/v1/auth/refresh", {}));
      } catch (error) {
        if (!isUnauthenticated(error)) throw error;
        this.#grant = null;
        return null;
      }
    });
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

  #keep(answer: Json): Grant {
    const lifeMs = count(answer, "expires_in") * 1_000;
    this.#grant = {
      token: text(answer, "access_token"),
      expiresAt: this.#edges.now() + lifeMs,
    };
    return this.#grant;
  }
}

function readUser(from: Json): User {
  return { id: text(from, "id"), name: text(from, "name"), email: textOr(from, "email", null) };
}

function isUnauthenticated(error: unknown): boolean {
  return error instanceof Refused && error.status === 401;
}
