/** Messages that somebody thinks should not be there. */

import type { Call } from "#api/call.ts";
import { pathOf } from "#api/desk.ts";
import { type Page, readPage } from "#api/pages.ts";
import type * as Http from "#wire/generated/http.ts";
import { count, type Json, part, partOr, text, textOr, word } from "#wire/read.ts";
import { type Message, type Person, readMessage, readPerson } from "#wire/shapes.ts";

const REASONS = ["spam", "abuse", "other"] as const;
const STATES = ["open", "dismissed", "acted"] as const;

export type Reason = (typeof REASONS)[number];

export interface Report {
  readonly id: string;
  readonly roomId: string;
  readonly message: Message;
  readonly reporter: Person;
  readonly reason: Reason;
  /** What the reporter wrote; empty for nothing. */
  readonly note: string;
  readonly at: string;
  readonly state: (typeof STATES)[number];
  readonly decidedBy: Person | null;
  readonly decidedAt: string | null;
}

/** Those that wait for somebody, or those that were decided. */
export type Queue = "open" | "closed";

export class ReportsApi {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  async report(messageId: string, reason: Reason, note: string): Promise<void> {
    const path = `/v1/messages/${messageId}/report`;
    const body: Http.NewReport = note === "" ? { reason } : { reason, note };
    await this.#call({ method: "POST", path, body }, () => null);
  }

  /** Return a page of the reports of a room; null: of all rooms. */
  find(roomId: string | null, state: Queue, cursor: string | null): Promise<Page<Report>> {
    const path = roomId === null ? "/v1/reports" : `${pathOf(roomId)}/reports`;
    return this.#call({ method: "GET", path, query: { state, cursor } }, readPage(readReport));
  }

  async deleteMessage(id: string): Promise<void> {
    await this.#call({ method: "DELETE", path: `/v1/messages/${id}` }, () => null);
  }

  decide(roomId: string, reportId: string, state: "dismissed" | "acted"): Promise<Report> {
    const path = `${pathOf(roomId)}/reports/${reportId}`;
    return this.#call({ method: "PATCH", path, body: { state } }, readReport);
  }
}

function readReport(from: Json<Http.ReportItem>): Report {
  const message = part(from, "message");
  const decider = partOr(from, "decided_by");
  return {
    id: text(from, "id"),
    roomId: text(message, "room_id"),
    message: readMessage(message, count(message, "seq")),
    reporter: readPerson(part(from, "reporter")),
    reason: word(from, "reason", REASONS, "other"),
    note: textOr(from, "note", ""),
    at: text(from, "at"),
    state: word(from, "state", STATES, "open"),
    decidedBy: decider && readPerson(decider),
    decidedAt: textOr(from, "decided_at", null),
  };
}
