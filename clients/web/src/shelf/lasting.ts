/** A shelf that does not fail: the disk's as long as that works, then one in memory. */

import type { Shared } from "#protocol/outbox.ts";
import { MemoryShelf } from "#shelf/memory.ts";
import { NotKept, type Shelf } from "#shelf/shelf.ts";

export class LastingShelf {
  /** The outbox as it was last heard of: what a shelf in memory goes on with. */
  outbox: readonly Shared[];
  #shelf: Shelf;
  readonly #onBroken: () => void;

  /** `onBroken` is called once, when what is written begins to be lost with the page. */
  constructor(shelf: Shelf, outbox: readonly Shared[], onBroken: () => void) {
    this.#shelf = shelf;
    this.outbox = outbox;
    this.#onBroken = onBroken;
  }

  /** Let go of the disk. What is still being written to it is nobody's loss. */
  close(): void {
    this.#shelf.close();
    this.#shelf = new MemoryShelf([]);
  }

  get isShared(): boolean {
    return this.#shelf.isShared;
  }

  /** Do something with the shelf; if that breaks it, do it again with the one in memory. */
  async use<T>(work: (shelf: Shelf) => Promise<T>): Promise<T> {
    const shelf = this.#shelf;
    try {
      return await work(shelf);
    } catch (error) {
      if (!(error instanceof NotKept)) throw error;
      if (this.#shelf === shelf) this.#break();
      return work(this.#shelf);
    }
  }

  /** Do something that is no loss if it fails; return `otherwise` if it did. */
  async attempt<T>(work: (shelf: Shelf) => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await work(this.#shelf);
    } catch (error) {
      if (!(error instanceof NotKept)) throw error;
      return otherwise;
    }
  }

  /** The disk may hold more than was heard of; that is another page's, or the next one's. */
  #break(): void {
    this.#shelf.close();
    this.#shelf = new MemoryShelf(this.outbox);
    this.#onBroken();
  }
}
