/** How somebody proves who they are, beside the password. */

import type { Call } from "#api/call.ts";
import { allOf } from "#api/pages.ts";
import { type PasskeyAnswer, type PasskeyQuestion, readQuestion } from "#api/session.ts";
import type * as Http from "#wire/generated/http.ts";
import { count, flag, type Json, list, text, textOr, texts } from "#wire/read.ts";

export interface SecondFactors {
  readonly hasTotp: boolean;
  readonly codesLeft: number;
  readonly passkeys: readonly Passkey[];
  /** Browsers offer passkeys for the address of this server. */
  readonly mayHavePasskeys: boolean;
}

export interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly usedAt: string | null;
}

/** What an authenticator app is told: as a text to type, and as an address to scan. */
export interface TotpSeed {
  readonly secret: string;
  readonly uri: string;
}

/** An account at another place with which one can log in here. */
export interface Identity {
  readonly id: string;
  readonly provider: string;
  readonly title: string;
  readonly email: string | null;
  readonly linkedAt: string;
}

/** One of what shows that somebody still is who logged in. */
export type Proof =
  | { readonly password: string }
  | { readonly code: string }
  | { readonly passkey: PasskeyAnswer };

export class SecurityApi {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  factors(): Promise<SecondFactors> {
    return this.#call({ method: "GET", path: "/v1/auth/second-factors" }, readFactors);
  }

  /** Return a seed for an app; it counts once a code of it was confirmed. */
  beginTotp(): Promise<TotpSeed> {
    return this.#call(
      { method: "POST", path: "/v1/auth/totp" },
      (answer: Json<Http.TotpOffered>) => ({
        secret: text(answer, "secret"),
        uri: text(answer, "uri"),
      }),
    );
  }

  /** Return the recovery codes, this once. */
  confirmTotp(code: string): Promise<readonly string[]> {
    const path = "/v1/auth/totp/confirm";
    return this.#call({ method: "POST", path, body: { code } }, readCodes);
  }

  async removeTotp(): Promise<void> {
    await this.#call({ method: "DELETE", path: "/v1/auth/totp" }, () => null);
  }

  /** Return new recovery codes, this once; the old ones are void. */
  newCodes(): Promise<readonly string[]> {
    return this.#call({ method: "POST", path: "/v1/auth/recovery-codes" }, readCodes);
  }

  askForPasskey(): Promise<PasskeyQuestion> {
    const path = "/v1/auth/passkeys/options";
    return this.#call({ method: "POST", path }, readQuestion);
  }

  /** Return the recovery codes, this once, if they were made with it. */
  async addPasskey(answer: PasskeyAnswer, name: string): Promise<readonly string[]> {
    const body = { ...answer, name };
    return this.#call({ method: "POST", path: "/v1/auth/passkeys", body }, readCodes);
  }

  async removePasskey(id: string): Promise<void> {
    await this.#call({ method: "DELETE", path: `/v1/auth/passkeys/${id}` }, () => null);
  }

  stepUpQuestion(): Promise<PasskeyQuestion> {
    return this.#call({ method: "POST", path: "/v1/auth/step-up/passkey" }, readQuestion);
  }

  /** Show who this is: for ten minutes grave things can be done. */
  async stepUp(proof: Proof): Promise<void> {
    await this.#call({ method: "POST", path: "/v1/auth/step-up", body: proof }, () => null);
  }

  identities(): Promise<readonly Identity[]> {
    return allOf(this.#call, "/v1/me/identities", readIdentity);
  }

  /** Return the address to open, at which the account there is chosen. */
  link(provider: string): Promise<string> {
    const path = `/v1/me/identities/${encodeURIComponent(provider)}`;
    return this.#call({ method: "POST", path }, (answer: Json<{ location: string }>) =>
      text(answer, "location"),
    );
  }

  async unlink(id: string): Promise<void> {
    await this.#call({ method: "DELETE", path: `/v1/me/identities/${id}` }, () => null);
  }
}

function readFactors(from: Json<Http.SecondFactors>): SecondFactors {
  return {
    hasTotp: flag(from, "totp"),
    codesLeft: count(from, "recovery_codes_left"),
    passkeys: list(from, "passkeys", readPasskey),
    mayHavePasskeys: flag(from, "passkeys_available"),
  };
}

function readPasskey(from: Json<Http.PasskeyShown>): Passkey {
  return {
    id: text(from, "id"),
    name: text(from, "name"),
    createdAt: text(from, "created_at"),
    usedAt: textOr(from, "last_used_at", null),
  };
}

function readCodes(from: Json<Http.RecoveryCodes>): readonly string[] {
  return texts(from, "recovery_codes");
}

function readIdentity(from: Json<Http.IdentityShown>): Identity {
  return {
    id: text(from, "id"),
    provider: text(from, "provider"),
    title: text(from, "title"),
    email: textOr(from, "email", null),
    linkedAt: text(from, "linked_at"),
  };
}
