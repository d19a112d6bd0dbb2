/**
 * A shelf where there is no disk: it keeps what a page needs to go on, and nothing beyond the page.
 * What was seen is not copied, since the page has it anyway.
 */

import type { User } from "#api/session.ts";
import type { Shared, Written } from "#protocol/outbox.ts";
import {
  type Kept,
  NOTHING_KEPT,
  type Picture,
  type Ruling,
  type Shelf,
  type Shelves,
} from "#shelf/shelf.ts";

export class MemoryShelf implements Shelf {
  readonly isShared = false;
  #outbox: readonly Shared[];

  /** Begin with messages of a shelf that broke. */
  constructor(outbox: readonly Shared[]) {
    this.#outbox = outbox;
  }

  async read(): Promise<Kept> {
    return { ...NOTHING_KEPT, outbox: this.#outbox };
  }

  async outbox(): Promise<readonly Shared[]> {
    return this.#outbox;
  }

  async post(message: Written): Promise<readonly Shared[]> {
    this.#outbox = [...this.#outbox, { ...message, state: "waiting", problem: null }];
    return this.#outbox;
  }

  async rule(rulings: readonly Ruling[]): Promise<readonly Shared[]> {
    this.#outbox = ruled(this.#outbox, rulings);
    return this.#outbox;
  }

  async writeDraft(): Promise<void> {}

  async markRead(): Promise<void> {}

  async keepRooms(): Promise<void> {}

  async keepPicture(): Promise<void> {}

  async picture(): Promise<Picture | null> {
    return null;
  }

  async forgetPictures(): Promise<void> {}

  async forgetSeen(): Promise<void> {}

  async forgetAll(): Promise<void> {
    this.#outbox = [];
  }

  watch(): () => void {
    return () => {};
  }

  close(): void {}
}

/** What is left of an outbox after rulings. */
export function ruled(outbox: readonly Shared[], rulings: readonly Ruling[]): readonly Shared[] {
  const byId = new Map(rulings.map((ruling) => [ruling.client_msg_id, ruling]));
  return outbox.flatMap((item) => {
    const ruling = byId.get(item.client_msg_id);
    if (!ruling) return [item];
    if (ruling.is === "gone") return [];
    const problem = ruling.is === "failed" ? ruling.problem : null;
    return [{ ...item, state: ruling.is, problem }];
  });
}

/** A browser that remembers nobody. */
export class MemoryShelves implements Shelves {
  async last(): Promise<User | null> {
    return null;
  }

  async setLast(): Promise<void> {}

  async forgetLast(): Promise<void> {}

  watchLast(): () => void {
    return () => {};
  }

  async open(): Promise<Shelf> {
    return new MemoryShelf([]);
  }
}
