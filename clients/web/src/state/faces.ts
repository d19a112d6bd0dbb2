/**
 * Which people have a picture, and where. Messages and rooms name their people without it, so it is
 * asked for, by many at once, when somebody is first shown.
 */

import { problemIn } from "#api/http.ts";
import { type Context, updateAsNow } from "#state/context.ts";

/** Whoever is drawn in one go is asked about in one request. */
const GATHER_MS = 20;
/** The server answers about so many people at once. */
const MOST_ASKED = 100;

export class Faces {
  readonly #context: Context;
  readonly #wanted = new Set<string>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Find out about somebody, unless that is known or under way. */
  want(personId: string): void {
    const { store, isGuest } = this.#context;
    if (isGuest || personId in store.get().faces || this.#wanted.has(personId)) return;
    this.#wanted.add(personId);
    if (this.#wanted.size === 1) this.#context.setTimer(() => void this.#ask(), GATHER_MS);
  }

  /** Somebody has another picture now. */
  refresh(personId: string): void {
    this.#wanted.add(personId);
    void this.#ask();
  }

  async #ask(): Promise<void> {
    const all = [...this.#wanted];
    this.#wanted.clear();
    if (this.#context.store.get().account.phase !== "in") return;
    for (let at = 0; at < all.length; at += MOST_ASKED) {
      await this.#askFor(all.slice(at, at + MOST_ASKED));
    }
  }

  async #askFor(ids: readonly string[]): Promise<void> {
    const update = updateAsNow(this.#context);
    const told: Record<string, string | null> = Object.fromEntries(ids.map((id) => [id, null]));
    try {
      for (const { id, avatar } of await this.#context.people.faces(ids)) told[id] = avatar;
    } catch (error) {
      problemIn(error); // Initials do as well; the next page asks again.
    }
    update((state) => ({ ...state, faces: { ...state.faces, ...told } }));
  }
}
