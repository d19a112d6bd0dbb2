/** A polled connection whose requests wait until a test answers them, and what it said. */

import { Refused, type Request } from "#api/http.ts";
import { PolledSocket } from "#polls/socket.ts";
import { localProblem } from "#wire/problem.ts";
import { type Json, object } from "#wire/read.ts";
import { ALICE, position } from "./frames.ts";
import { settled } from "./world.ts";

interface Asked {
  readonly request: Request;
  answer(body: object): Promise<void>;
  refuse(status: number, code: string, retryAfterMs?: number): Promise<void>;
}

interface Frame {
  readonly type: string;
  readonly ref?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Timer {
  readonly at: number;
  readonly ring: () => void;
}

const HELLO = { connection_id: "poll-s1", heartbeat_ms: 25_000, limits: {} };

export class Line {
  readonly asked: Asked[] = [];
  readonly heard: Frame[] = [];
  closed: readonly [number, string] | null = null;
  isLookedAt = true;
  now = 0;
  readonly socket: PolledSocket;
  readonly #timers = new Set<Timer>();

  constructor() {
    this.socket = new PolledSocket(
      {
        call: (request, read) => this.#call(request, read),
        now: () => this.now,
        setTimer: (ring, afterMs) => this.#setTimer(ring, afterMs),
        random: () => 0.5,
        isLookedAt: () => this.isLookedAt,
      },
      {
        received: (text) => {
          this.heard.push(...[JSON.parse(text)].flat());
        },
        closed: (code, reason) => {
          this.closed = [code, reason];
        },
      },
    );
    void this.socket.run();
  }

  /** The last request that goes so, like `POST /v1/sync`. */
  last(start: string): Asked {
    const found = this.asked.findLast(({ request }) => lineOf(request).startsWith(start));
    if (!found) throw new Error(`nobody asked ${start}`);
    return found;
  }

  get poll(): Asked {
    return this.last("POST /v1/sync");
  }

  get polled(): unknown {
    return this.poll.request.body;
  }

  get polls(): number {
    return this.asked.filter(({ request }) => request.path === "/v1/sync").length;
  }

  get types(): string[] {
    return this.heard.map(({ type }) => type);
  }

  say(frame: object): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** Greet it, and let it hear these rooms from seq 3 on; the first long poll is under way then. */
  async begin(...roomIds: readonly string[]): Promise<this> {
    await this.poll.answer(answer({ hello: HELLO, ready: ready(...roomIds) }));
    const resume = roomIds.map((room_id) => ({ room_id, seq: 3, epoch: "e1" }));
    this.say({ type: "auth", ref: "r1", data: { token: "abc", resume } });
    await settled();
    if (roomIds.length > 0) await this.poll.answer(answer({ cursors: at(3, ...roomIds) }));
    this.heard.length = 0;
    return this;
  }

  /** Let time pass until `ms` later, with every timer that rings meanwhile. */
  async pass(ms: number): Promise<void> {
    const until = this.now + ms;
    for (let due = this.#due(until); due; due = this.#due(until)) {
      this.#timers.delete(due);
      this.now = due.at;
      due.ring();
      await settled();
    }
    this.now = until;
  }

  #due(until: number): Timer | undefined {
    const due = [...this.#timers].filter(({ at }) => at <= until);
    return due.sort((a, b) => a.at - b.at)[0];
  }

  #setTimer(ring: () => void, afterMs: number): () => void {
    const timer = { ring, at: this.now + afterMs };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  #call<T>(request: Request, read: (answer: Json) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const refuse = (problem: Refused["problem"], status: number) => {
        reject(new Refused(problem, status));
        return settled();
      };
      request.signal?.addEventListener("abort", () => refuse(localProblem("unreachable", ""), 0));
      this.asked.push({
        request,
        answer: (body) => {
          resolve(read(object(body)));
          return settled();
        },
        refuse: (status, code, retryAfterMs) =>
          refuse(
            {
              ...localProblem("refused", `no: ${code}`),
              code: code as "unavailable",
              retry_after_ms: retryAfterMs ?? null,
            },
            status,
          ),
      });
    });
  }
}

/** What a poll is answered with. */
export function answer(other: object = {}): object {
  return { events: [], cursors: {}, more: false, ...other };
}

/** These rooms, all at one place. */
export function at(seq: number, ...roomIds: readonly string[]): object {
  return Object.fromEntries(roomIds.map((id) => [id, { seq, epoch: "e1" }]));
}

export function ready(...roomIds: readonly string[]): object {
  const rooms = roomIds.map((id) => position(id, 3));
  return { person: ALICE, presence_state: "online", rooms };
}

function lineOf({ method, path }: Request): string {
  return `${method} ${path}`;
}
