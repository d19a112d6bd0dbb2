/**
 * Which page of a browser carries the outbox that all of them share.
 *
 *     away --connected--> in line --the lock is free, or taken--> carrying
 *      ^                   ^  |                                    |  |
 *      |                   |__|____ taken by another page _________|  |
 *      |______________________|_______ connection lost _______________|
 *
 * Pages stand in line for a lock. One that sleeps in the background may hold it without doing
 * anything, so a page in front of a person takes it when messages have waited for a while. The lock
 * saves work and nothing more: where a browser has none every page carries, and ids make the repeats
 * harmless.
 */

import type { Clock } from "#shelf/patience.ts";

/** Who stands for a lock. `held` comes at most once, `lost` at most once and after it. */
export interface LockEar {
  held(): void;
  /** Another page has taken it. */
  lost(): void;
}

/** Stand for a lock, in line or by taking it from its holder; return how to let go. */
export type StandFor = (name: string, isTaken: boolean, ear: LockEar) => () => void;

/** What a carrier touches. */
export interface CarrierEdges {
  readonly standFor: StandFor;
  readonly setTimer: Clock["setTimer"];
  /** Messages wait, and a person sees it on this page. */
  isNeeded(): boolean;
  onChange(isCarrier: boolean): void;
}

/** A page that works has sent a message long before; a person hardly notices more. */
const TAKE_AFTER_MS = 3_000;

export class Carrier {
  readonly #lock: string;
  readonly #edges: CarrierEdges;
  #letGo: (() => void) | null = null;
  #isHeld = false;
  /** Counts the times that we stood; what is heard of an earlier one is old news. */
  #turn = 0;
  #cancelTimer: (() => void) | null = null;

  constructor(lock: string, edges: CarrierEdges) {
    this.#lock = lock;
    this.#edges = edges;
  }

  /** There is a connection. */
  connected(): void {
    if (this.#letGo === null) this.#stand(false);
  }

  /** Messages have come or gone, or somebody looks: see whether they wait for a page that sleeps. */
  check(): void {
    const isIdle = this.#letGo === null || this.#isHeld || !this.#edges.isNeeded();
    if (isIdle || this.#cancelTimer !== null) return;
    const turn = this.#turn;
    this.#cancelTimer = this.#edges.setTimer(() => {
      this.#cancelTimer = null;
      if (turn === this.#turn && !this.#isHeld && this.#edges.isNeeded()) this.#stand(true);
    }, TAKE_AFTER_MS);
  }

  /** There is no connection any more, or no page. */
  away(): void {
    this.#turn += 1;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#letGo?.();
    this.#letGo = null;
    this.#change(false);
  }

  #stand(isTaken: boolean): void {
    this.away();
    const turn = this.#turn;
    this.#letGo = this.#edges.standFor(this.#lock, isTaken, {
      held: () => {
        if (turn === this.#turn) this.#change(true);
      },
      lost: () => {
        if (turn === this.#turn) this.#stand(false);
      },
    });
    this.check();
  }

  #change(isHeld: boolean): void {
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    this.#edges.onChange(isHeld);
  }
}
