/** Named points in time, so that a pure state machine needs only one timer outside. */

export class Alarms<Name extends string> {
  readonly #times = new Map<Name, number>();

  /** Set or move the alarm; `at` is in ms on the caller's clock. */
  set(name: Name, at: number): void {
    this.#times.set(name, at);
  }

  clear(name: Name): void {
    this.#times.delete(name);
  }

  clearAll(): void {
    this.#times.clear();
  }

  isSet(name: Name): boolean {
    return this.#times.has(name);
  }

  /** When the next alarm is due, or null. */
  get next(): number | null {
    return this.#times.size === 0 ? null : Math.min(...this.#times.values());
  }

  /** Remove and return the alarms that are due, earliest first. */
  take(now: number): Name[] {
    const due = [...this.#times].filter(([, at]) => at <= now).sort((a, b) => a[1] - b[1]);
    for (const [name] of due) this.#times.delete(name);
    return due.map(([name]) => name);
  }
}
