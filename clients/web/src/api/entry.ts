/** What somebody can ask who is not logged in: how to come in, and what links in mails do. */

import type { Call } from "#api/call.ts";
import type * as Http from "#wire/generated/http.ts";
import { flag, type Json, list, text, texts, word } from "#wire/read.ts";

/** Who may register here, and by which other ways one can come in. */
export interface Door {
  readonly mode: (typeof MODES)[number];
  /** The server sends mails: addresses are verified, and a forgotten password can be set anew. */
  readonly hasMail: boolean;
  /** Only addresses of these domains may register; empty for all. */
  readonly domains: readonly string[];
  readonly providers: readonly Provider[];
}

/** Another place where somebody can prove who they are. */
export interface Provider {
  readonly name: string;
  readonly title: string;
}

const MODES = ["open", "invite", "closed"] as const;

export class EntryApi {
  readonly #ask: Call;

  /** `ask` is nobody's: no token goes with it. */
  constructor(ask: Call) {
    this.#ask = ask;
  }

  door(): Promise<Door> {
    return this.#ask({ method: "GET", path: "/v1/auth/registration" }, readDoor);
  }

  /** The link of a mail shows that an address is its owner's. */
  verify(token: string): Promise<void> {
    return this.#post("/v1/auth/email/verify", { token });
  }

  /** Send the mail with that link again; the answer is the same for every address. */
  resend(email: string): Promise<void> {
    return this.#post("/v1/auth/email/resend", { email });
  }

  /** The link of a mail lets a new address take the place of the old one. */
  confirmEmail(token: string): Promise<void> {
    return this.#post("/v1/auth/email/confirm", { token });
  }

  /** Send a link for a new password; the answer is the same for every address. */
  forgot(email: string): Promise<void> {
    return this.#post("/v1/auth/password/forgot", { email });
  }

  reset(token: string, password: string): Promise<void> {
    return this.#post("/v1/auth/password/reset", { token, password });
  }

  /** Begin to log in at another place with an invitation to this server; return where to go. */
  departInvited({ name }: Provider, invite: string): Promise<string> {
    const body: Http.InvitedLogin = { invite };
    return this.#ask(
      { method: "POST", path: loginPathOf(name), body },
      (answer: Json<Http.Departure>) => text(answer, "location"),
    );
  }

  async #post(path: string, body: object): Promise<void> {
    await this.#ask({ method: "POST", path, body }, () => null);
  }
}

/** The address to go to, for a log-in at another place of this name. */
export function loginPathOf(name: string): string {
  return `/v1/auth/oidc/${encodeURIComponent(name)}/login`;
}

export function readProvider(from: Json<Provider>): Provider {
  return { name: text(from, "name"), title: text(from, "title") };
}

function readDoor(from: Json<Http.RegistrationShown>): Door {
  return {
    mode: word(from, "mode", MODES, "open"),
    hasMail: flag(from, "mail"),
    domains: texts(from, "domains"),
    providers: list(from, "providers", readProvider),
  };
}
