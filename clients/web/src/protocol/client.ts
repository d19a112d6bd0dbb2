/**
 * The client library's shell: does what the pure `Link` says, with a socket, a timer and a token
 * that were passed in. One client is one session; after `stop` or `signed_out` make a new one.
 */

import type { Identity } from "#protocol/handshake.ts";
import type { Answer } from "#protocol/inflight.ts";
import type { Effect, Happening, Order, Wish } from "#protocol/inputs.ts";
import { Link } from "#protocol/link.ts";
import type { Notice } from "#protocol/notices.ts";

/** The part of a WebSocket that is used. */
export interface Socket {
  send(text: string): void;
  close(code: number): void;
}

/** Who hears a socket. `closed` is called once, also when it never opened. */
export interface SocketEar {
  received(text: string): void;
  closed(code: number, reason: string): void;
}

/** An access token and when it expires, in ms on the clock of `Edges`. */
export interface Token {
  readonly token: string;
  readonly expiresAt: number;
}

/** Everything that a client touches. */
export interface Edges {
  openSocket(ear: SocketEar): Socket;
  /** Return a token, null if a person must log in again; reject if it cannot be known now. */
  fetchToken(isFresh: boolean): Promise<Token | null>;
  now(): number;
  /** Call `ring` once after `afterMs`; return how to call it off. */
  setTimer(ring: () => void, afterMs: number): () => void;
  random(): number;
}

/** Browsers take a longer delay for none at all. A tick that comes early does nothing. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class ChatClient {
  readonly #edges: Edges;
  readonly #link: Link;
  readonly #onNotice: (notice: Notice) => void;
  readonly #orders = new Map<number, (answer: Answer) => void>();
  readonly #waiting: Effect[] = [];
  #isPerforming = false;
  #lastTag = 0;
  #socket: Socket | null = null;
  #cancelTimer: () => void = () => {};

  constructor(edges: Edges, identity: Identity, onNotice: (notice: Notice) => void) {
    this.#edges = edges;
    this.#onNotice = onNotice;
    this.#link = new Link(identity, () => edges.random());
  }

  /** Tell the client what happened outside: `start`, `stop`, `wake`, `offline`. */
  happen(happening: Happening): void {
    this.#perform(this.#link.handle(happening, this.#edges.now()));
  }

  wish(wish: Wish): void {
    this.#perform(this.#link.wish(wish, this.#edges.now()));
  }

  /** Send one command and return its one answer. Never rejects; without a connection: a refusal. */
  ask(order: Order): Promise<Answer> {
    this.#lastTag += 1;
    const tag = this.#lastTag;
    return new Promise((resolve) => {
      this.#orders.set(tag, resolve);
      this.wish({ is: "order", tag, order });
    });
  }

  /** Do everything in order, also what listeners wish for while it is being done. */
  #perform(effects: readonly Effect[]): void {
    this.#waiting.push(...effects);
    if (this.#isPerforming) return;
    this.#isPerforming = true;
    try {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) this.#do(next);
    } finally {
      this.#isPerforming = false;
      this.#setTimer();
    }
  }

  #setTimer(): void {
    this.#cancelTimer();
    const { deadline } = this.#link;
    if (deadline === null) return;
    const afterMs = Math.min(LONGEST_TIMER_MS, Math.max(0, deadline - this.#edges.now()));
    this.#cancelTimer = this.#edges.setTimer(() => this.happen({ is: "tick" }), afterMs);
  }

  #do(effect: Effect): void {
    switch (effect.do) {
      case "open":
        return this.#open();
      case "write":
        return this.#socket?.send(JSON.stringify(effect.frame));
      case "close":
        return this.#close(effect.code);
      case "fetch_token":
        void this.#fetchToken(effect.fresh);
        return;
      case "tell":
        return this.#tell(effect.notice);
    }
  }

  #open(): void {
    const socket = this.#edges.openSocket({
      received: (text) => {
        if (this.#socket === socket) this.happen({ is: "received", text });
      },
      closed: (code, reason) => {
        if (this.#socket !== socket) return;
        this.#socket = null;
        this.happen({ is: "closed", code, reason });
      },
    });
    this.#socket = socket;
  }

  /** A dead network may take minutes to confirm a close, so nothing more is heard of the socket. */
  #close(code: number): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(code);
  }

  async #fetchToken(isFresh: boolean): Promise<void> {
    try {
      const token = await this.#edges.fetchToken(isFresh);
      this.happen(token ? { is: "token", ...token } : { is: "token_refused" });
    } catch {
      this.happen({ is: "token_unavailable" });
    }
  }

  #tell(notice: Notice): void {
    if (notice.type !== "answered") {
      this.#onNotice(notice);
      return;
    }
    this.#orders.get(notice.tag)?.(notice.answer);
    this.#orders.delete(notice.tag);
  }
}
