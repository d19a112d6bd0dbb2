/**
 * One room's events in order: the heart of "never lost, never doubled, never out of order".
 *
 * | event's seq | we |
 * |---|---|
 * | ≤ last | drop it: seen before |
 * | = last + 1 | apply it, and what was held behind it |
 * | > last + 1 | hold it; somebody must ask for what is missing |
 */

import type { RoomEvent } from "#protocol/frames.ts";

/** How many events may wait behind a hole. Beyond it reading the page again is cheaper. */
export const MOST_HELD = 256;

export class Stream {
  /** The history that `last` belongs to; null until the room was joined. */
  epoch: string | null = null;
  /** The last seq applied; null until the room was joined. */
  last: number | null = null;
  /** The highest seq that is known to exist. */
  head = 0;
  readonly #held = new Map<number, RoomEvent>();

  /** Take one event and return those that may be applied now, in order. */
  take(event: RoomEvent): RoomEvent[] {
    if (this.last === null || event.seq <= this.last) return [];
    this.head = Math.max(this.head, event.seq);
    this.#held.set(event.seq, event);
    return this.#release(this.last);
  }

  /** Go on after `seq`, whatever lies before; return what was held right behind it. */
  skipTo(seq: number): RoomEvent[] {
    const after = Math.max(this.last ?? 0, seq);
    this.head = Math.max(this.head, after);
    for (const held of this.#held.keys()) if (held <= after) this.#held.delete(held);
    return this.#release(after);
  }

  /** Give up on the hole and go on with what is held; return it. */
  skipHole(): RoomEvent[] {
    const first = Math.min(...this.#held.keys());
    return this.skipTo(Number.isFinite(first) ? first - 1 : this.head);
  }

  /** Start over at the head of another history; `epoch` is null while its name is not known. */
  restart(epoch: string | null, head: number): void {
    this.epoch = epoch;
    this.last = head;
    this.head = head;
    this.#held.clear();
  }

  /** The connection is gone: what was held will be sent again. */
  cut(): void {
    this.#held.clear();
    this.head = this.last ?? 0;
  }

  get isBehind(): boolean {
    return this.last !== null && this.last < this.head;
  }

  get isOverfull(): boolean {
    return this.#held.size > MOST_HELD;
  }

  #release(after: number): RoomEvent[] {
    this.last = after;
    const released: RoomEvent[] = [];
    for (let next = this.#held.get(after + 1); next; next = this.#held.get(this.last + 1)) {
      this.#held.delete(next.seq);
      this.last = next.seq;
      released.push(next);
    }
    return released;
  }
}
