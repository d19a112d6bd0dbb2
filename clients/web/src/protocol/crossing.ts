/**
 * Over which way a link goes, and how it changes from one to the other.
 *
 * From sockets to polls: between two connections, when the third socket has failed. From polls to
 * sockets: a socket is tried beside the polls. Once one has got through, and nothing waits for an
 * answer, the polls end and a socket begins in their place; whoever looks sees no break.
 */

import type { Reach, Way } from "#protocol/ways.ts";
import { Ways } from "#protocol/ways.ts";

/** How a socket ends that never began, as browsers say it: without a close frame. */
const NO_CLOSE_FRAME = 1006;

export class Crossing {
  /** The way of the connection that is there, or was last. */
  way: Way = "socket";
  /** Between polls that were given up for a socket, and that socket. */
  isMoving = false;
  readonly #ways = new Ways();
  /** A socket got through: the next connection is one. */
  #isThrough = false;
  #isReady = false;
  /** The connection that is gone had been ready. */
  #wasReady = false;

  /** Polls are the way until a socket has got through. */
  get isBlocked(): boolean {
    return this.#ways.isBlocked;
  }

  /** When to try a socket beside the polls, or null. */
  get next(): number | null {
    return this.#isReady ? this.#ways.againAt : null;
  }

  /** Return whether to try a socket beside the polls now. `isHurried`: the network is another. */
  takeProbe(now: number, isHurried: boolean): boolean {
    if (this.next === null || (this.next > now && !isHurried)) return false;
    this.#ways.onTry(now);
    return true;
  }

  onProbed(isThrough: boolean): void {
    this.#isThrough = isThrough && this.#isReady && this.way === "polls";
  }

  /** Return whether to leave the polls now for the socket that got through. */
  get isDue(): boolean {
    return this.#isThrough && this.#isReady;
  }

  /** A connection begins; return its way. */
  begin(now: number): Way {
    this.way = this.#isThrough ? "socket" : this.#ways.take(now);
    this.#isThrough = false;
    return this.way;
  }

  onReady(): void {
    this.#isReady = true;
    this.isMoving = false;
    if (this.way === "socket") this.#ways.onSocket();
  }

  /** The connection is gone. */
  onLost(): void {
    this.#wasReady = this.#isReady;
    this.#isReady = false;
  }

  /** Nothing is to begin for a while, or ever: whoever looks may know. */
  rest(): void {
    this.isMoving = false;
    this.#isThrough = false;
  }

  /** HTTP was asked after a socket had failed. */
  onChecked(reach: Reach, now: number): void {
    if (reach.is === "open") this.#ways.onBlocked(now);
  }

  /**
   * Whether a lost connection ended as one that the network does not let through: a socket, never
   * ready, without a word of the server's. `silence` is the code of one that we gave up ourselves.
   */
  isStopped(code: number, silence: number): boolean {
    const isWordless = code === NO_CLOSE_FRAME || code === silence;
    return !this.#wasReady && this.way === "socket" && isWordless;
  }
}
