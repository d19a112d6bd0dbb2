/** Asking whoever sits here to show that it is them: once, however many requests wait for it. */

import type { State } from "#state/model.ts";
import type { Store } from "#state/store.ts";

export class Proof {
  readonly #store: Store<State>;
  #asked: Promise<boolean> | null = null;
  #settle: (isGiven: boolean) => void = () => {};

  constructor(store: Store<State>) {
    this.#store = store;
  }

  /** Ask for one of these proofs, and return whether it was shown; false if the person let it be. */
  ask(methods: readonly string[]): Promise<boolean> {
    this.#asked ??= new Promise((resolve) => {
      this.#settle = resolve;
      this.#show(methods);
    });
    return this.#asked;
  }

  /** The person showed it, or let it be. */
  end(isGiven: boolean): void {
    this.#asked = null;
    this.#show(null);
    this.#settle(isGiven);
  }

  #show(proofAsked: readonly string[] | null): void {
    this.#store.update((state) => ({ ...state, proofAsked }));
  }
}
