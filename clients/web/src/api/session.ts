/**
 * The log-in of this browser: an access token in memory, and a refresh cookie that scripts cannot
 * read. Nothing of it is written to the browser's storage.
 *
 * All pages share the cookie, so somebody else may log in beside this page. Each answer says whose
 * the cookie is, and this page gets tokens of its own person only.
 */

import { exchange, type HttpEdges, Refused } from "#api/http.ts";
import type * as Http from "#wire/generated/http.ts";
import { count, type Json, part, text, textOr, texts } from "#wire/read.ts";

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

/** Whoever has tokens to show. */
export interface Tokens {
  /** Return one that is good for a while, null if there is none any more.  Raises: Refused. */
  token(isFresh: boolean): Promise<Grant | null>;
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
  /** What lets somebody in where not everybody may register. */
  readonly invite: string | null;
}

/** The first proof was right; a second one, by one of these ways, is wanted. */
export interface Challenge {
  readonly challenge: string;
  readonly methods: readonly string[];
}

/** A code of an app, or a recovery code; or what a passkey answered. */
export type SecondProof = { readonly code: string } | { readonly passkey: PasskeyAnswer };

/** What a browser says for somebody when a passkey was used. */
export interface PasskeyAnswer {
  readonly challenge_id: string;
  readonly credential: object;
}

/** What a browser is asked to do with a passkey, and the name of that question. */
export interface PasskeyQuestion {
  readonly id: string;
  readonly options: object;
}

/** A token with less left is renewed rather than used. */
const LEAST_LEFT_MS = 10_000;
const REFRESH_LOCK = "hubbub.refresh";

export class Session implements Tokens {
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

  /** Log in and return who it is, or what else has to be shown.  Raises: Refused. */
  async logIn(email: string, password: string): Promise<User | Challenge> {
    const body: Http.Login = { email, password, cookie: true };
    return this.#attempt("/v1/auth/login", body);
  }

  /** Show the second factor and return who it is.  Raises: Refused. */
  async answer({ challenge }: Challenge, proof: SecondProof): Promise<User> {
    const body = { challenge, ...proof };
    return this.#enter(await this.#post("/v1/auth/login/second-factor", body));
  }

  /** Return what the browser is to ask; with a challenge, for its second factor.  Raises: Refused. */
  async passkeyQuestion(given: Challenge | null): Promise<PasskeyQuestion> {
    if (!given) return readQuestion(await this.#post("/v1/auth/login/passkey/options", {}));
    const path = "/v1/auth/login/second-factor/passkey";
    return readQuestion(await this.#post(path, { challenge: given.challenge }));
  }

  /** Log in with nothing but a passkey.  Raises: Refused. */
  async logInByPasskey(answer: PasskeyAnswer): Promise<User | Challenge> {
    return this.#attempt("/v1/auth/login/passkey", { ...answer, cookie: true });
  }

  /** Create an account; null means that a mail was sent and has to be answered.  Raises: Refused. */
  async register(registration: Registration): Promise<User | null> {
    const { email, password, name, ownerToken, invite } = registration;
    const body: Http.Registration = {
      ...{ email, password, name, cookie: true },
      ...(ownerToken === null ? {} : { owner_token: ownerToken }),
      ...(invite === null ? {} : { invite }),
    };
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

  async #attempt(path: string, body: object): Promise<User | Challenge> {
    try {
      return this.#enter(await this.#post(path, body));
    } catch (error) {
      const challenge = challengeIn(error);
      if (!challenge) throw error;
      return challenge;
    }
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

/** A refusal that says how to go on is none. */
function challengeIn(error: unknown): Challenge | null {
  if (!(error instanceof Refused) || error.problem.code !== "second_factor_required") return null;
  const { answer } = error;
  return { challenge: text(answer, "challenge"), methods: texts(answer, "methods") };
}

export function readQuestion(from: Json<Http.PasskeyOptions>): PasskeyQuestion {
  return { id: text(from, "challenge_id"), options: part(from, "options") };
}

function isUnauthenticated(error: unknown): boolean {
  return error instanceof Refused && error.status === 401;
}
