/** The locks of one browser, and its pages that stand for them. */

import type { LockEar, StandFor } from "#state/carrier.ts";

interface Stander {
  readonly page: string;
  readonly lock: string;
  readonly ear: LockEar;
}

export class FakeLocks {
  /** As on plain HTTP: whoever asks has it, as in `main.tsx`. */
  areAbsent = false;
  readonly #holders = new Map<string, Stander>();
  #line: Stander[] = [];

  /** How one page stands for a lock. */
  of(page: string): StandFor {
    return (lock, isTaken, ear) => {
      if (this.areAbsent) {
        ear.held();
        return () => {};
      }
      const stander = { page, lock, ear };
      if (isTaken) this.#take(stander);
      else this.#line.push(stander);
      queueMicrotask(() => this.#serve(lock));
      return () => this.#drop(stander);
    };
  }

  holder(lock: string): string | null {
    return this.#holders.get(lock)?.page ?? null;
  }

  /** A page is gone, and whatever it held or waited for. */
  leave(page: string): void {
    const held = [...this.#holders.values()].filter((stander) => stander.page === page);
    this.#line = this.#line.filter((stander) => stander.page !== page);
    for (const stander of held) this.#drop(stander);
  }

  #take(stander: Stander): void {
    const before = this.#holders.get(stander.lock);
    this.#holders.set(stander.lock, stander);
    queueMicrotask(() => {
      before?.ear.lost();
      if (this.#holders.get(stander.lock) === stander) stander.ear.held();
    });
  }

  #drop(stander: Stander): void {
    const { lock } = stander;
    this.#line = this.#line.filter((other) => other !== stander);
    if (this.#holders.get(lock) === stander) this.#holders.delete(lock);
    this.#serve(lock);
  }

  #serve(lock: string): void {
    if (this.#holders.has(lock)) return;
    const next = this.#line.find((stander) => stander.lock === lock);
    if (!next) return;
    this.#line = this.#line.filter((other) => other !== next);
    this.#holders.set(lock, next);
    next.ear.held();
  }
}
