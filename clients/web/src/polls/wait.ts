/** Something that is waited for: the answer to a poll, or the time of the next one. */

interface Clock {
  setTimer(ring: () => void, afterMs: number): () => void;
}

export class Wait {
  /** It was ended so that something else can begin. */
  isCutShort = false;
  /** Resolved when it is ended, by time or before. */
  readonly ended: Promise<void>;
  readonly #ending = new AbortController();
  readonly #mayBeCut: boolean;
  readonly #callOff: () => void;

  constructor(clock: Clock, longestMs: number, mayBeCut: boolean) {
    this.#mayBeCut = mayBeCut;
    this.#callOff = clock.setTimer(() => this.end(), longestMs);
    const { signal } = this.#ending;
    this.ended = new Promise((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  /** Ends what is waited for. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** It came: nothing is to be ended any more. */
  over(): void {
    this.#callOff();
  }

  end(): void {
    this.#callOff();
    this.#ending.abort();
  }

  /** End it if it may take long. */
  cutShort(): void {
    if (!this.#mayBeCut) return;
    this.isCutShort = true;
    this.end();
  }
}
