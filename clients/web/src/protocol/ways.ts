/**
 * Which way leads to the server: a socket, or polls where the network lets no socket through.
 *
 *     sockets --three failed within a minute, and HTTP worked each time--> polls
 *        ^                                                                  |
 *        |____________ one got through: tried every 5 minutes ______________|
 *
 * Whoever comes from polls is back at them after one socket that failed.
 */

export type Way = "socket" | "polls";

/** What a request over HTTP told about the server, right after a socket has failed. */
export type Reach =
  /** It answers, so what stopped the socket lies in between. */
  | { readonly is: "open" }
  /** It lets nobody in now, on either way. */
  | { readonly is: "busy"; readonly retryAfterMs: number }
  /** No answer, or one that says nothing about the network. */
  | { readonly is: "unknown" };

const MOST_BLOCKED = 3;
const WITHIN_MS = 60_000;
const AGAIN_MS = 300_000;

export class Ways {
  /** When sockets failed though HTTP worked. */
  #blockedAt: readonly number[] = [];
  /** When a socket was tried last; null while sockets are the way. */
  #triedAt: number | null = null;

  /** Polls are the way until a socket has got through. */
  get isBlocked(): boolean {
    return this.#triedAt !== null;
  }

  /** When to try a socket again, or null. */
  get againAt(): number | null {
    return this.#triedAt === null ? null : this.#triedAt + AGAIN_MS;
  }

  /** Return the way of a connection that begins now; a socket once it is time to try one. */
  take(now: number): Way {
    if (this.againAt === null) return "socket";
    if (now < this.againAt) return "polls";
    this.onTry(now);
    return "socket";
  }

  /** A socket is tried, in place of polls or beside them. */
  onTry(now: number): void {
    if (this.isBlocked) this.#triedAt = now;
  }

  /** A socket has failed, and HTTP works. */
  onBlocked(now: number): void {
    const recent = this.#blockedAt.filter((at) => now - at < WITHIN_MS);
    this.#blockedAt = [...recent, now];
    if (this.#blockedAt.length >= MOST_BLOCKED) this.#triedAt = now;
  }

  /** A socket carries. */
  onSocket(): void {
    this.#blockedAt = [];
    this.#triedAt = null;
  }
}
