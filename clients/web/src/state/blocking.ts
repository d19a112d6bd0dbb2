/** Whom the reader has blocked: their messages are folded wherever they stand. */

import { type Blocked, blockedBy, setBlocked } from "#api/blocks.ts";
import { problemIn } from "#api/http.ts";
import { type Context, updateAsNow } from "#state/context.ts";
import { readerOf } from "#state/hearing.ts";

export class Blocking {
  readonly #context: Context;
  /** What was asked before the last of them tells what was true before. */
  #changes = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * Learn whom: nobody tells what was done on another device. Without an answer it stays as it was
   * until the next connection or look at the page.
   */
  async load(): Promise<void> {
    const { isGuest, store } = this.#context;
    if (isGuest || readerOf(store.get()) === "") return;
    try {
      await this.all();
    } catch (error) {
      problemIn(error);
    }
  }

  /** Return them all.  Raises: Refused. */
  async all(): Promise<readonly Blocked[]> {
    const update = updateAsNow(this.#context);
    const changes = this.#changes;
    const known = await blockedBy(this.#context.call);
    const blocked = new Set(known.map(({ person }) => person.id));
    if (changes === this.#changes) update((state) => ({ ...state, blocked }));
    return known;
  }

  /** Block somebody, or take it back.  Raises: Refused. */
  async set(personId: string, isBlocked: boolean): Promise<void> {
    const update = updateAsNow(this.#context);
    await setBlocked(this.#context.call, personId, isBlocked);
    this.#changes += 1;
    update((state) => {
      const blocked = new Set(state.blocked);
      if (isBlocked) blocked.add(personId);
      else blocked.delete(personId);
      return { ...state, blocked };
    });
  }
}
