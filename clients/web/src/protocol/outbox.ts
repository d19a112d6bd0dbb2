/**
 * Messages that the server has not yet taken, in the order they were written.
 *
 *     waiting --sent, ack--> accepted --its event came--> gone
 *        ^ \--refused for good, or too often--> failed --resend--> waiting
 *        |_____refused for now, or no answer: again with the same id
 *
 * The `client_msg_id` makes a repeat harmless, so whatever has an unknown outcome is sent again. One
 * message per room is on its way at a time: a refusal can then never turn two of them around.
 *
 * Some messages only this page has (`add`). The others are shared with more pages of the same
 * browser (`share`): one list in one order, of which each page has a copy. One page at a time is to
 * carry it. Where two do, the messages keep their order all the same: whoever sends one has before
 * had an answer to the one in front of it, or been told that it is gone.
 */

import { waitMs } from "#protocol/backoff.ts";
import type { Code, Problem } from "#wire/problem.ts";

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

/** A message as several pages hold it: none of them can know where it stands with another. */
export type Shared = Written & {
  readonly state: "waiting" | "failed";
  readonly problem: Problem | null;
};

/** Tries before a person is asked: about half a minute. */
const MOST_TRIES = 18;
/** Short, since somebody waits for it once the server is well, and a refusal costs next to nothing. */
const LONGEST_PAUSE_MS = 2_000;
/** `internal` may be tried once more, says the protocol. */
const MOST_INTERNAL_TRIES = 2;

/** These say nothing about the message: another connection will carry it. */
const OF_THE_CONNECTION = new Set<Code>(["disconnected", "unauthenticated", "token_expired"]);
/** Keeps a message from being thrown at a connection that is about to be closed. */
const RETURN_MS = 200;

interface Attempts {
  tries: number;
  notBefore: number;
  isOnItsWay: boolean;
  readonly isShared: boolean;
}

export class Outbox {
  /** This page carries what is shared. What only this page has it carries always. */
  isCarrier = false;
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
    this.#begin(item.client_msg_id, false);
    this.#items = [...this.#items, unsent({ ...item, state: "waiting", problem: null })];
  }

  /** Take the shared list as it is now, in its order; what only this page has comes after it. */
  share(list: readonly Shared[]): void {
    const known = new Map(this.#items.map((item) => [item.client_msg_id, item]));
    const shared = list.map((item) => this.#shared(item, known.get(item.client_msg_id)));
    const ids = new Set(list.map((item) => item.client_msg_id));
    const own = this.#items.filter(
      (item) => !ids.has(item.client_msg_id) && !this.#attemptsOf(item).isShared,
    );
    this.#replace([...shared, ...own]);
  }

  /** Try a failed message again, from the start. */
  resend(id: string): void {
    const attempts = this.#attempts.get(id);
    if (!attempts) return;
    this.#begin(id, attempts.isShared);
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
    const ready = this.#sendable().filter((item) => this.#attemptsOf(item).notBefore <= now);
    for (const item of ready) this.#attemptsOf(item).isOnItsWay = true;
    return ready;
  }

  accepted(id: string, seq: number): void {
    this.#change(id, { state: "accepted", problem: null, seq });
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
    const times = this.#sendable().map((item) => this.#attemptsOf(item).notBefore);
    return times.length === 0 ? null : Math.min(...times);
  }

  #pause(tries: number, problem: Problem): number {
    return problem.retry_after_ms ?? waitMs(tries - 1, this.#random, LONGEST_PAUSE_MS);
  }

  #begin(id: string, isShared: boolean): void {
    this.#attempts.set(id, { tries: 0, notBefore: 0, isOnItsWay: false, isShared });
  }

  /** What has been taken stays so; otherwise another page may have ruled, or a person asked again. */
  #shared(item: Shared, known: Unsent | undefined): Unsent {
    const { state, problem } = item;
    if (known && (known.state === "accepted" || known.state === state)) return known;
    if (!known || state === "waiting") this.#begin(item.client_msg_id, true);
    return known ? { ...known, state, problem } : unsent(item);
  }

  /** The first message of each room, if this page may send it and has not done so. */
  #sendable(): Unsent[] {
    return this.#firstOfEachRoom().filter((item) => {
      const { isOnItsWay, isShared } = this.#attemptsOf(item);
      return !isOnItsWay && (this.isCarrier || !isShared);
    });
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
    this.#replace(this.#items.filter(isKept));
  }

  #replace(items: readonly Unsent[]): void {
    const isSame = items.length === this.#items.length;
    if (isSame && items.every((item, at) => item === this.#items[at])) return;
    this.#items = items;
    const ids = new Set(items.map((item) => item.client_msg_id));
    for (const id of this.#attempts.keys()) if (!ids.has(id)) this.#attempts.delete(id);
  }
}

function unsent(item: Shared): Unsent {
  const { client_msg_id, room_id, content, reply_to, written_at, state, problem } = item;
  return { client_msg_id, room_id, content, reply_to, written_at, state, problem, seq: null };
}

function mayRepeat(problem: Problem): boolean {
  return problem.retryable || problem.retry_after_ms !== null;
}
