/** Whether to come back after a connection has ended, and when. */

import { waitMs } from "#protocol/backoff.ts";
import { type StopReason, verdictOn } from "#protocol/closes.ts";

export type Decision =
  | { readonly go: "stop"; readonly why: StopReason }
  | { readonly go: "log_in" }
  | { readonly go: "refresh" }
  /** `isOurs`: the wait is our own politeness, so a person who looks may cut it short. */
  | { readonly go: "wait"; readonly forMs: number; readonly isOurs: boolean };

/** Everybody who is told to come back soon comes back within this time. */
const SOON_MS = 1_000;
/**
 * One fault in so long may be an accident; two are a bug. A connection that is good in between says
 * nothing: a frame that the server cannot bear may be minutes away each time.
 */
const FAULT_MS = 600_000;

export class Comeback {
  readonly #random: () => number;
  #attempt = 0;
  #faultAt = Number.NEGATIVE_INFINITY;
  #hasRefreshed = false;
  #drainAt: number | null = null;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Decide after a close. A server that drains has said before when it wants us back. */
  after(code: number, reason: string, now: number): Decision {
    const verdict = verdictOn(code, reason);
    if (verdict.go === "refresh") return this.#refreshOnce();
    if (verdict.go === "retry_once") return this.#retryOnce(now);
    if (verdict.go === "soon") return this.#soon(now);
    if (verdict.go !== "back_off") return verdict;
    return this.#drainAt === null ? this.backOff(verdict.atLeastMs) : this.#soon(now);
  }

  /** Wait longer each time. A given minimum is the server's, and ours comes on top of it. */
  backOff(atLeastMs: number): Decision {
    const forMs = atLeastMs + waitMs(this.#attempt, this.#random);
    this.#attempt += 1;
    return { go: "wait", forMs, isOurs: atLeastMs === 0 };
  }

  /** The server is about to leave and wants us back at `at`. */
  onDrain(at: number): void {
    this.#drainAt = at;
  }

  onReady(): void {
    this.#hasRefreshed = false;
    this.#drainAt = null;
  }

  /** The connection has been good for a while: waiting starts from the shortest again. */
  onStable(): void {
    this.#attempt = 0;
  }

  #soon(now: number): Decision {
    const left = Math.max(0, (this.#drainAt ?? now) - now);
    this.#drainAt = null;
    return { go: "wait", forMs: left + this.#random() * SOON_MS, isOurs: left === 0 };
  }

  #refreshOnce(): Decision {
    if (this.#hasRefreshed) return { go: "log_in" };
    this.#hasRefreshed = true;
    return { go: "refresh" };
  }

  #retryOnce(now: number): Decision {
    const isAgain = now - this.#faultAt < FAULT_MS;
    this.#faultAt = now;
    if (isAgain) return { go: "stop", why: "fault" };
    return this.backOff(0);
  }
}
