/**
 * The client library's shell: does what the pure `Link` says, with a socket, a timer and a token
 * that were passed in. One client is one session; after `stop` or `signed_out` make a new one.
 */

import type { Identity } from "#protocol/handshake.ts";
import type { Answer } from "#protocol/inflight.ts";
import type { Effect, Happening, Order, Wish } from "#protocol/inputs.ts";
import { Link } from "#protocol/link.ts";
import type { Notice } from "#protocol/notices.ts";
import type { Reach, Way } from "#protocol/ways.ts";

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

/** What stands in for sockets where the network lets none through. */
export interface Polls {
  /** Ask whether the server answers, and lets us in; never rejects. */
  check(): Promise<Reach>;
  /** Begin to poll: frames in, frames out, as on a socket. */
  open(ear: SocketEar): Socket;
}

/** An access token and when it expires, in ms on the clock of `Edges`. */
export interface Token {
  readonly token: string;
  readonly expiresAt: number;
}

/** Everything that a client touches. */
export interface Edges {
  openSocket(ear: SocketEar): Socket;
  /** Get what few networks need; reject if it cannot be had now. */
  loadPolls(): Promise<Polls>;
  /** Return a token, null if a person must log in again; reject if it cannot be known now. */
  fetchToken(isFresh: boolean): Promise<Token | null>;
  now(): number;
  /** Call `ring` once after `afterMs`; return how to call it off. */
  setTimer(ring: () => void, afterMs: number): () => void;
  random(): number;
}

/** Browsers take a longer delay for none at all. A tick that comes early does nothing. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const GOODBYE = 1_000;

export class ChatClient {
  readonly #edges: Edges;
  readonly #link: Link;
  readonly #onNotice: (notice: Notice) => void;
  readonly #orders = new Map<number, (answer: Answer) => void>();
  readonly #waiting: Effect[] = [];
  #isPerforming = false;
  #lastTag = 0;
  #socket: Socket | null = null;
  /** There before polls are the way: whoever checks has loaded them. */
  #polls: Polls | null = null;
  /** Tried beside the connection. */
  #probe: Socket | null = null;
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
        return this.#open(effect.way);
      case "write":
        return this.#socket?.send(JSON.stringify(effect.frame));
      case "close":
        return this.#close(effect.code);
      case "check":
        void this.#check();
        return;
      case "probe":
        return this.#openProbe();
      case "fetch_token":
        void this.#fetchToken(effect.fresh);
        return;
      case "tell":
        return this.#tell(effect.notice);
    }
  }

  #open(way: Way): void {
    this.#endProbe();
    const socket = this.#begin(way, {
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

  #begin(way: Way, ear: SocketEar): Socket {
    return way === "polls" && this.#polls ? this.#polls.open(ear) : this.#edges.openSocket(ear);
  }

  /** A dead network may take minutes to confirm a close, so nothing more is heard of the socket. */
  #close(code: number): void {
    this.#endProbe();
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(code);
  }

  async #check(): Promise<void> {
    this.happen({ is: "checked", reach: await this.#reach() });
  }

  async #reach(): Promise<Reach> {
    try {
      this.#polls ??= await this.#edges.loadPolls();
    } catch {
      return { is: "unknown" };
    }
    return this.#polls.check();
  }

  /** The first word on a socket is the server's, so nothing need be said to hear whether it lives. */
  #openProbe(): void {
    this.#endProbe();
    const probe = this.#edges.openSocket({
      received: () => this.#onProbed(probe, true),
      closed: () => this.#onProbed(probe, false),
    });
    this.#probe = probe;
  }

  #onProbed(probe: Socket, isThrough: boolean): void {
    if (this.#probe !== probe) return;
    this.#endProbe();
    this.happen({ is: "probed", isThrough });
  }

  #endProbe(): void {
    const probe = this.#probe;
    this.#probe = null;
    probe?.close(GOODBYE);
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
