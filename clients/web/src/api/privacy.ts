/** A copy of all that is kept of the reader, and its end. */

import type { Call } from "#api/call.ts";
import { allOf } from "#api/pages.ts";
import type * as Http from "#wire/generated/http.ts";
import { countOr, has, type Json, text, textOr, word } from "#wire/read.ts";

const STATES = ["waiting", "working", "ready", "failed", "expired"] as const;

export interface Export {
  readonly id: string;
  readonly state: (typeof STATES)[number];
  readonly progressPercent: number;
  readonly bytes: number | null;
  readonly madeAt: string | null;
  readonly expiresAt: string | null;
  /** Where it can be fetched once, while it is ready. */
  readonly link: string | null;
}

/** The end of an account that was asked for. */
export interface Erasure {
  readonly id: string;
  /** When it begins; until then it can be taken back. */
  readonly dueAt: string | null;
}

export class PrivacyApi {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  async begin(): Promise<void> {
    await this.#call({ method: "POST", path: "/v1/me/export" }, () => null);
  }

  exports(): Promise<readonly Export[]> {
    return allOf(this.#call, "/v1/me/exports", readExport);
  }

  /** Erase the account and all that is the reader's. */
  erase(): Promise<Erasure> {
    return this.#call({ method: "DELETE", path: "/v1/me" }, readErasure);
  }

  /** Return the erasure that waits to begin; null if none does. */
  erasure(): Promise<Erasure | null> {
    return this.#call(
      { method: "GET", path: "/v1/me/erasure" },
      (answer: Json<Http.ErasureShown>) => (has(answer, "erasure_id") ? readErasure(answer) : null),
    );
  }

  async takeBack(): Promise<void> {
    await this.#call({ method: "DELETE", path: "/v1/me/erasure" }, () => null);
  }
}

function readExport(from: Json<Http.ExportShown>): Export {
  return {
    id: text(from, "id"),
    state: word(from, "state", STATES, "waiting"),
    progressPercent: countOr(from, "progress_percent", 0),
    bytes: countOr(from, "bytes", null),
    madeAt: textOr(from, "made_at", null),
    expiresAt: textOr(from, "expires_at", null),
    link: textOr(from, "link", null),
  };
}

function readErasure(from: Json<Http.ErasureShown>): Erasure {
  return { id: text(from, "erasure_id"), dueAt: textOr(from, "due_at", null) };
}
