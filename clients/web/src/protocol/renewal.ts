/** Keeps the token that the server has of a connection from expiring. */

/** The server warns 60 s before a token expires; we are earlier. */
const BEFORE_MS = 90_000;
/** A token that lives shorter is renewed after this part of what is left of its life. */
const PART = 0.75;
/** After a renewal that did not work. */
const AGAIN_MS = 5_000;

/** Return when to renew a token that expires at `expiresAt`, in ms on the same clock as `now`. */
export function renewalAt(now: number, expiresAt: number): number {
  const left = Math.max(0, expiresAt - now);
  return now + Math.max(left - BEFORE_MS, left * PART);
}

export class Renewal {
  #at: number | null = null;

  /** When to fetch a fresh token; null while none is needed, or one is under way. */
  get next(): number | null {
    return this.#at;
  }

  /** The server has a token that expires at `expiresAt`. */
  start(now: number, expiresAt: number): void {
    this.#at = renewalAt(now, expiresAt);
  }

  /** The server could not be given a fresh one. */
  again(now: number): void {
    this.#at = now + AGAIN_MS;
  }

  stop(): void {
    this.#at = null;
  }

  /** Return whether to fetch a fresh token; it is under way from then on. */
  take(now: number): boolean {
    if (this.#at === null || this.#at > now) return false;
    this.#at = null;
    return true;
  }

  /** The server warns: its clock counts, unless one is under way. */
  warn(now: number): void {
    if (this.#at !== null) this.#at = now;
  }
}
