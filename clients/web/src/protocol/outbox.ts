/**
 * Messages that the server has not yet taken, in the order they were written.
 *
 *     waiting --sent, ack--> accepted --its event came--> gone
 *        ^ \--refused for good, or too often--> failed --resend--> waiting
 *        |_____refused for now, or no answer: again with the same id
 *
 * The `client_msg_id` makes a repeat harmless, so whatever has an unknown outcome is sent again. One
 * message per room is on its way at a time: a refusal can then never turn two of them around.
 * Kept in memory only; it is the place where a copy on disk would be kept in step.
 */

import { waitMs } from "#protocol/backoff.ts";
import type { Problem } from "#wire/problem.ts";

export interface Unsent {
  readonly client_msg_id: string;
  readonly room_id: string;
  readonly content: string;
  /** The id of the message that it answers. */
  readonly reply_to: string | null;
  /** When it was written, in ms. */
  readonly written_at: number;
  readonly state: "waiting" | "accepted" | "failed";
  /** Why it failed; null in every other state. */
  readonly problem: Problem | null;
  /** Its place in the room once it is accepted. */
  readonly seq: number | null;
}

/** A message as its author wrote it. */
export type Written = Pick<
  Unsent,
  "client_msg_id" | "room_id" | "content" | "reply_to" | "written_at"
>;

/** Tries before a person is asked: about half a minute. */
const MOST_TRIES = 18;
/** Short, since somebody waits for it once the server is well, and a refusal costs next to nothing. */
const LONGEST_PAUSE_MS = 2_000;
/** `internal` may be tried once more, says the protocol. */
const MOST_INTERNAL_TRIES = 2;

/** These say nothing about the message: another connection will carry it. */
const OF_THE_CONNECTION = new Set(["disconnected", "unauthenticated", "token_expired"]);
/** Keeps a message from being thrown at a connection that is about to be closed. */
const RETURN_MS = 200;

interface Attempts {
  tries: number;
  notBefore: number;
  isOnItsWay: boolean;
}

export class Outbox {
  #items: readonly Unsent[] = [];
  readonly #attempts = new Map<string, Attempts>();
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** A new list after every change, so it can be compared by identity. */
  get items(): readonly Unsent[] {
    return this.#items;
  }

  add(item: Written): void {
    const { client_msg_id, room_id, content, reply_to, written_at } = item;
    const written = { client_msg_id, room_id, content, reply_to, written_at };
    this.#items = [...this.#items, { ...written, state: "waiting", problem: null, seq: null }];
    this.#attempts.set(item.client_msg_id, { tries: 0, notBefore: 0, isOnItsWay: false });
  }

  /** Try a failed message again, from the start. */
  resend(id: string): void {
    if (!this.#attempts.has(id)) return;
    this.#attempts.set(id, { tries: 0, notBefore: 0, isOnItsWay: false });
    this.#change(id, { state: "waiting", problem: null });
  }

  /** Forget a message: it is in the room's history, or its author gave it up. */
  remove(id: string): void {
    this.#keep((item) => item.client_msg_id !== id);
  }

  /** Forget the accepted messages of a room up to `seq`: their events have come. */
  removeUpTo(roomId: string, seq: number): void {
    this.#keep((item) => item.room_id !== roomId || item.seq === null || item.seq > seq);
  }

  /** Return what may be sent now, at most one per room, and count it as on its way. */
  take(now: number): Unsent[] {
    const ready = this.#firstOfEachRoom().filter((item) => {
      const attempts = this.#attemptsOf(item);
      return !attempts.isOnItsWay && attempts.notBefore <= now;
    });
    for (const item of ready) this.#attemptsOf(item).isOnItsWay = true;
    return ready;
  }

  accepted(id: string, seq: number): void {
    this.#change(id, { state: "accepted", seq });
  }

  /** Decide whether to try again, and when. */
  refused(id: string, problem: Problem, now: number): void {
    const attempts = this.#attempts.get(id);
    if (!attempts) return;
    attempts.isOnItsWay = false;
    if (OF_THE_CONNECTION.has(problem.code)) {
      attempts.notBefore = now + RETURN_MS;
      return;
    }
    attempts.tries += 1;
    const most = problem.code === "internal" ? MOST_INTERNAL_TRIES : MOST_TRIES;
    if (mayRepeat(problem) && attempts.tries < most) {
      attempts.notBefore = now + this.#pause(attempts.tries, problem);
    } else {
      this.#change(id, { state: "failed", problem });
    }
  }

  /** When the next message may be tried, or null. */
  get next(): number | null {
    const times = this.#firstOfEachRoom()
      .map((item) => this.#attemptsOf(item))
      .filter((attempts) => !attempts.isOnItsWay)
      .map((attempts) => attempts.notBefore);
    return times.length === 0 ? null : Math.min(...times);
  }

  #pause(tries: number, problem: Problem): number {
    return problem.retry_after_ms ?? waitMs(tries - 1, this.#random, LONGEST_PAUSE_MS);
  }

  #firstOfEachRoom(): Unsent[] {
    const first = new Map<string, Unsent>();
    for (const item of this.#items) {
      if (item.state === "waiting" && !first.has(item.room_id)) first.set(item.room_id, item);
    }
    return [...first.values()];
  }

  #attemptsOf(item: Unsent): Attempts {
    const attempts = this.#attempts.get(item.client_msg_id);
    if (!attempts) throw new Error(`no attempts kept for ${item.client_msg_id}`);
    return attempts;
  }

  #change(id: string, change: Partial<Unsent>): void {
    this.#items = this.#items.map((item) =>
      item.client_msg_id === id ? { ...item, ...change } : item,
    );
  }

  #keep(isKept: (item: Unsent) => boolean): void {
    const kept = this.#items.filter(isKept);
    if (kept.length === this.#items.length) return;
    this.#items = kept;
    const ids = new Set(kept.map((item) => item.client_msg_id));
    for (const id of this.#attempts.keys()) if (!ids.has(id)) this.#attempts.delete(id);
  }
}

function mayRepeat(problem: Problem): boolean {
  return problem.retryable || problem.retry_after_ms !== null;
}
