/** What owners and admins do: people, who may come in, and what happened. */

import type { Call, FileCall } from "#api/call.ts";
import type { InviteLimits } from "#api/invites.ts";
import type { SystemRole } from "#api/me.ts";
import { allOf, type Page, readPage } from "#api/pages.ts";
import type * as Http from "#wire/generated/http.ts";
import {
  count,
  countOr,
  flag,
  type Json,
  members,
  partOr,
  text,
  textOr,
  texts,
  word,
} from "#wire/read.ts";

const ROLES = ["owner", "admin", "member"] as const;
const INVITE_STATES = ["good", "used_up", "expired", "revoked"] as const;
const MODES = ["open", "invite", "closed"] as const;

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: SystemRole;
  readonly isDisabled: boolean;
  /** On how many devices they are logged in. */
  readonly sessions: number;
  readonly usedAt: string | null;
  readonly createdAt: string;
}

export interface AccountSearch {
  readonly words: string;
  readonly role: SystemRole | null;
  readonly isDisabled: boolean | null;
}

export interface Policy {
  readonly registration: (typeof MODES)[number];
  /** Of which an address must be; empty for any. */
  readonly domains: readonly string[];
}

export interface Invite {
  readonly id: string;
  readonly uses: number;
  readonly maxUses: number;
  readonly madeAt: string;
  readonly expiresAt: string;
  /** Why nobody is let in with it any more, if so. */
  readonly state: (typeof INVITE_STATES)[number];
}

/** An invitation as it was made: the only time that its link is shown. */
export interface NewInvite extends Invite {
  readonly link: string;
  /** It was also sent by e-mail. */
  readonly isSent: boolean;
}

/** Something that happened, as the audit log has it. */
export interface Act {
  readonly id: string;
  readonly kind: string;
  readonly at: string;
  readonly isRefused: boolean;
  /** Null for a stranger, or the server itself. */
  readonly actor: ActPerson | null;
  readonly subject: ActPerson | null;
  readonly address: string | null;
  readonly details: readonly (readonly [string, string])[];
}

export interface ActPerson {
  readonly id: string;
  /** As they were called then; null once it was erased. */
  readonly name: string | null;
}

export interface ActSearch {
  /** Empty for all kinds. */
  readonly kind: string;
  readonly personId: string;
  /** A day as `2026-05-09`, or empty. */
  readonly since: string;
  readonly until: string;
}

/** A letter that waits here since no mail server is set. */
export interface UnsentLetter {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly postedAt: string;
}

export class AdminApi {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  people(search: AccountSearch, cursor: string | null): Promise<Page<Account>> {
    const query = {
      q: search.words || null,
      role: search.role,
      disabled: search.isDisabled === null ? null : String(search.isDisabled),
      cursor,
    };
    return this.#call({ method: "GET", path: "/v1/admin/users", query }, readPage(readAccount));
  }

  async change(id: string, body: Http.AccountChange): Promise<void> {
    await this.#call({ method: "PATCH", path: `/v1/admin/users/${id}`, body }, () => null);
  }

  /** End all sessions of somebody. */
  async logOut(id: string): Promise<void> {
    await this.#call({ method: "POST", path: `/v1/admin/users/${id}/logout` }, () => null);
  }

  /** Erase somebody and all that is theirs. */
  async erase(id: string): Promise<void> {
    await this.#call({ method: "POST", path: `/v1/admin/users/${id}/erase` }, () => null);
  }

  policy(): Promise<Policy> {
    return this.#call({ method: "GET", path: "/v1/admin/policy" }, readPolicy);
  }

  setPolicy(body: Partial<Policy>): Promise<Policy> {
    return this.#call({ method: "PATCH", path: "/v1/admin/policy", body }, readPolicy);
  }

  invites(): Promise<readonly Invite[]> {
    return allOf(this.#call, "/v1/admin/invites", readInvite);
  }

  /** `email`: where the link is sent, if the server sends mail; empty to pass it on by hand. */
  invite(limits: InviteLimits, email: string): Promise<NewInvite> {
    const body: Http.NewInvite = email === "" ? limits : { ...limits, email };
    return this.#call({ method: "POST", path: "/v1/admin/invites", body }, readNewInvite);
  }

  async revoke(id: string): Promise<void> {
    await this.#call({ method: "DELETE", path: `/v1/admin/invites/${id}` }, () => null);
  }

  acts(search: ActSearch, cursor: string | null): Promise<Page<Act>> {
    const query = { ...actQuery(search), cursor };
    return this.#call({ method: "GET", path: "/v1/admin/audit", query }, readPage(readAct));
  }

  letters(): Promise<readonly UnsentLetter[]> {
    return allOf(this.#call, "/v1/admin/mail", readLetter);
  }
}

/** Return all acts that match, as lines of JSON. */
export function exportActs(call: FileCall, search: ActSearch): Promise<Blob> {
  return call({ method: "GET", path: "/v1/admin/audit/export", query: actQuery(search) });
}

function actQuery({ kind, personId, since, until }: ActSearch) {
  return {
    kind: kind || null,
    person_id: personId || null,
    since: since ? startOf(since) : null,
    until: until ? startOf(until, 1) : null,
  };
}

/** When a day begins for whoever asks, so many days later. */
function startOf(day: string, later = 0): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

function readAccount(from: Json<Http.AccountAdministered>): Account {
  return {
    id: text(from, "id"),
    name: text(from, "name"),
    email: textOr(from, "email", null),
    role: word(from, "system_role", ROLES, "member"),
    isDisabled: flag(from, "is_disabled"),
    sessions: countOr(from, "sessions", 0),
    usedAt: textOr(from, "last_used_at", null),
    createdAt: text(from, "created_at"),
  };
}

function readPolicy(from: Json<Http.PolicyShown>): Policy {
  return {
    registration: word(from, "registration", MODES, "closed"),
    domains: texts(from, "domains"),
  };
}

function readInvite(from: Json<Http.InviteShown>): Invite {
  return {
    id: text(from, "id"),
    uses: count(from, "uses"),
    maxUses: count(from, "max_uses"),
    madeAt: text(from, "created_at"),
    expiresAt: text(from, "expires_at"),
    state: word(from, "state", INVITE_STATES, "good"),
  };
}

function readNewInvite(from: Json<Http.InviteMade>): NewInvite {
  return { ...readInvite(from), link: text(from, "link"), isSent: flag(from, "is_sent") };
}

function readAct(from: Json<Http.EntryShown>): Act {
  const [actor, subject, details] = [
    partOr(from, "actor"),
    partOr(from, "subject"),
    partOr(from, "details"),
  ];
  return {
    id: String(count(from, "id")),
    kind: text(from, "kind"),
    at: text(from, "at"),
    isRefused: word(from, "outcome", ["done", "refused"], "done") === "refused",
    actor: actor && readActPerson(actor),
    subject: subject && readActPerson(subject),
    address: textOr(from, "address", null),
    details: details ? members(details).flatMap(readDetail) : [],
  };
}

/** What is not so is not worth a word. */
function readDetail([key, value]: [string, unknown]): (readonly [string, string])[] {
  return value === false ? [] : [[key, String(value)]];
}

function readActPerson(from: Json<Http.PersonNoted>): ActPerson {
  return { id: text(from, "id"), name: textOr(from, "name", null) };
}

function readLetter(from: Json<Http.LetterShown>): UnsentLetter {
  return {
    id: text(from, "id"),
    to: text(from, "to"),
    subject: text(from, "subject"),
    text: text(from, "text"),
    postedAt: text(from, "posted_at"),
  };
}
