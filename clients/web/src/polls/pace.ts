/**
 * How long a poll is held by the server, and how long to wait before the next one.
 *
 * | the last poll | the next one |
 * |---|---|
 * | brought something | at once, but for a moment in which more gathers |
 * | brought nothing after a long time | at once |
 * | brought nothing at once | after a second: something in between answers for the server |
 * | of a page that nobody looks at | after 15 s, and it is not held |
 * | was cut or lost | once more, soon and not held; then held for less long than the cut one lived |
 * | was refused for now | when the server says, if that is soon, once |
 * | failed again | never: the connection is over |
 *
 * Pages that nobody looks at do not hold: a browser has six connections to one server over HTTP/1.1,
 * for all its pages, and those that are held would leave none for what somebody does. 15 s are well
 * within the 45 s after which the server takes somebody for gone.
 */

import { waitMs } from "#protocol/backoff.ts";
import type { Problem } from "#wire/problem.ts";

/** As long as the server allows. Proxies that cut at 30 s are common. */
const LONGEST_HOLD_MS = 25_000;
const SHORTEST_HOLD_MS = 5_000;
/** Of what a poll lived that was cut; the next one should be answered before. */
const SAFE_PART = 0.8;
/** More than the slowest network takes for an answer; then it is lost. */
export const MARGIN_MS = 10_000;
/** Each poll costs the server as much as coming back does: in a lively room it brings several. */
const GATHER_MS = 200;
const HIDDEN_EVERY_MS = 15_000;
const INSTEAD_MS = 1_000;
/** A room that could not be looked after, says the server, may be in 2 s. */
const UNAVAILABLE_MS = 2_000;
/** A pause so short is nothing that anybody must be told of. */
const QUIET_MS = 5_000;

export type Failure =
  /** Cut, lost, or answered by something in between; `heldMs` is how long it was held by then. */
  | { readonly is: "cut"; readonly heldMs: number }
  | { readonly is: "refused"; readonly problem: Problem };

export type Next =
  | { readonly go: "on"; readonly pauseMs: number }
  /** The connection is over; come back after so long, or as is usual. */
  | { readonly go: "end"; readonly backAfterMs: number | null };

/** What an answered poll was like. */
export interface Poll {
  readonly tookMs: number;
  readonly holdMs: number;
  readonly isEmpty: boolean;
  /** There is more already, or something waits to be asked. */
  readonly isMore: boolean;
  readonly isUnavailable: boolean;
  readonly isLookedAt: boolean;
}

export class Pace {
  readonly #random: () => number;
  #holdMs = LONGEST_HOLD_MS;
  /** In a row. */
  #failures = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** For how long the server may hold the next poll, in ms. */
  holdMs(isLookedAt: boolean): number {
    return isLookedAt && this.#failures === 0 ? this.#holdMs : 0;
  }

  /** Return how long to wait after an answer, in ms. */
  onAnswer(poll: Poll): number {
    this.#failures = 0;
    if (poll.isUnavailable) return UNAVAILABLE_MS;
    if (poll.isMore) return 0;
    if (!poll.isLookedAt) return HIDDEN_EVERY_MS;
    if (!poll.isEmpty) return GATHER_MS;
    return poll.holdMs > 0 && poll.tookMs < poll.holdMs / 2 ? INSTEAD_MS : 0;
  }

  onFailure(failure: Failure): Next {
    this.#failures += 1;
    const isFirst = this.#failures === 1;
    if (failure.is === "cut") {
      this.#shorten(failure.heldMs);
      return isFirst
        ? { go: "on", pauseMs: waitMs(0, this.#random) }
        : { go: "end", backAfterMs: null };
    }
    const askedMs = failure.problem.retry_after_ms;
    const pauseMs = askedMs ?? waitMs(0, this.#random);
    if (isFirst && pauseMs <= QUIET_MS) return { go: "on", pauseMs };
    return { go: "end", backAfterMs: askedMs };
  }

  /** Something lost patience with a poll that was held for so long. */
  #shorten(heldMs: number): void {
    if (heldMs === 0) return;
    const safeMs = Math.min(this.#holdMs, heldMs * SAFE_PART);
    this.#holdMs = Math.max(SHORTEST_HOLD_MS, safeMs);
  }
}
