/** Commands that wait for their one answer, by `ref`. */

import type { Reply } from "#protocol/frames.ts";
import { localProblem, type Problem } from "#wire/problem.ts";

export type Answer =
  | { readonly ok: true; readonly reply: Reply }
  | { readonly ok: false; readonly problem: Problem };

export type OnAnswer = (answer: Answer) => void;

/** The server answers within 10 s, if only with `timeout`; silence beyond means the same. */
export const ANSWER_MS = 10_000;

export class InFlight {
  readonly #waiting = new Map<string, { onAnswer: OnAnswer; until: number }>();
  #lastRef = 0;

  /** Return a new `ref`; `onAnswer` is called exactly once. */
  add(onAnswer: OnAnswer, now: number): string {
    this.#lastRef += 1;
    const ref = `r${this.#lastRef}`;
    this.#waiting.set(ref, { onAnswer, until: now + ANSWER_MS });
    return ref;
  }

  /** Settle a command. A `ref` that is not known was given up: its answer comes too late. */
  answer(ref: string | null, answer: Answer): void {
    if (ref === null) return;
    const waiting = this.#waiting.get(ref);
    this.#waiting.delete(ref);
    waiting?.onAnswer(answer);
  }

  /** Settle as `timeout` what waited too long. Whether it was done is unknown. */
  expire(now: number): void {
    this.#giveUp((until) => until <= now, localProblem("timeout", "The server did not answer."));
  }

  /** Settle everything: the connection is gone. Whether it was done is unknown. */
  abandon(): void {
    this.#giveUp(() => true, localProblem("disconnected", "The connection was lost."));
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** When the first command expires, or null. Times only grow, so the first added is the first. */
  get next(): number | null {
    const [first] = this.#waiting.values();
    return first?.until ?? null;
  }

  #giveUp(isOver: (until: number) => boolean, problem: Problem): void {
    for (const [ref, { until }] of [...this.#waiting]) {
      if (isOver(until)) this.answer(ref, { ok: false, problem });
    }
  }
}
