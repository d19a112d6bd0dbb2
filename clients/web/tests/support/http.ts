/** A server made of prepared answers, and a record of what it was asked. */

import type { HttpEdges } from "#api/http.ts";

export interface Asked {
  readonly line: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Prepared {
  readonly status: number;
  readonly body: unknown;
}

type Handler = (asked: Asked, signal: AbortSignal) => Promise<Prepared> | Prepared;

export class FakeServer implements HttpEdges {
  readonly asked: Asked[] = [];
  readonly #lasting = new Map<string, Prepared>();
  readonly #once = new Map<string, Prepared[]>();
  readonly #handlers = new Map<string, Handler>();
  isReachable = true;

  /** From now on answer `METHOD path` so, whatever the query. */
  on(line: string, status: number, body: unknown = {}): this {
    this.#lasting.set(line, { status, body });
    return this;
  }

  /** Answer so once, before anything else. */
  once(line: string, status: number, body: unknown = {}): this {
    this.#once.set(line, [...(this.#once.get(line) ?? []), { status, body }]);
    return this;
  }

  /** From now on let `handle` answer `METHOD path`. */
  serve(line: string, handle: Handler): this {
    this.#handlers.set(line, handle);
    return this;
  }

  refuse(line: string, status: number, code: string, other: object = {}): this {
    return this.on(line, status, refusal(code, other));
  }

  refuseOnce(line: string, status: number, code: string, other: object = {}): this {
    return this.once(line, status, refusal(code, other));
  }

  readonly fetch = async (path: string, init: RequestInit): Promise<Response> => {
    const line = `${init.method} ${path}`;
    this.asked.push({
      line,
      body: typeof init.body === "string" ? JSON.parse(init.body) : null,
      headers: init.headers as Record<string, string>, // That is how they are given.
    });
    if (!this.isReachable) throw new TypeError("Failed to fetch");
    const { status, body } = await this.#answer(line.replace(/\?.*$/, ""), init);
    const isEmpty = status === 204;
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return new Response(isEmpty ? null : text, { status });
  };

  timeout(): AbortSignal {
    return new AbortController().signal;
  }

  get lines(): string[] {
    return this.asked.map(({ line }) => line);
  }

  #answer(line: string, init: RequestInit): Promise<Prepared> | Prepared {
    const asked = this.asked.at(-1);
    const handle = this.#handlers.get(line);
    return asked && handle ? handle(asked, init.signal as AbortSignal) : this.#next(line);
  }

  #next(line: string): Prepared {
    const next = this.#once.get(line)?.shift() ?? this.#lasting.get(line);
    if (!next) throw new Error(`no answer is prepared for ${line}`);
    return next;
  }
}

function refusal(code: string, other: object): object {
  return { code, message: `no: ${code}`, retryable: false, ...other };
}

/** What `login`, `register` and `refresh` answer. */
export function grant(token = "abc", expiresIn = 900): object {
  const user = { id: "alice", name: "Alice", email: "alice@example.org" };
  return { user, access_token: token, expires_in: expiresIn };
}

/** A room as it stands in the list of one's own. */
export function mine(
  { id, ...room }: { readonly id: string; readonly [more: string]: unknown },
  standing: object = {},
): object {
  return {
    ...{ room_id: id, kind: "public", title: "", topic: "", role: "member", ...room },
    ...{ unread: 0, mentions: 0, read_seq: 0, head_seq: 0 },
    ...{ last_at: "2026-03-01T10:00:00Z", last_message: null, ...standing },
  };
}

/** The list of one's own rooms. */
export function myRooms(...items: readonly object[]): object {
  return { items, next_cursor: null };
}

/** A message as it stands in a page of history. */
export function historyItem(seq: number, other: object = {}): object {
  return {
    id: `m${seq}`,
    seq,
    author: { kind: "user", id: "bob", name: "Bob" },
    content: `message ${seq}`,
    format: "markdown",
    created_at: "2026-03-01T10:00:00.000Z",
    rev: 1,
    attachments: [],
    reactions: [],
    client_msg_id: `c${seq}`,
    ...other,
  };
}

/** What the history answers of the messages of these seqs. */
export function itemsOf(from: number, to: number): object[] {
  return Array.from({ length: to - from + 1 }, (_, at) => historyItem(from + at));
}
