/** From `hello` to `ready`: say who we are and where our rooms stand. */

import type { Exchange } from "#protocol/exchange.ts";
import type { Cursor, Ready, ServerFrame } from "#protocol/frames.ts";
import type { Answer } from "#protocol/inflight.ts";
import type { Code } from "#wire/problem.ts";

/** What we call ourselves in `auth`. */
export interface Identity {
  readonly name: string;
  readonly version: string;
  readonly platform: string;
}

type Hello = Extract<ServerFrame, { type: "hello" }>;

export class Handshake {
  /** How often the server expects a sign of life, in ms. */
  heartbeatMs = 0;
  /** The rooms that the server was asked to resume. */
  cursors: readonly Cursor[] = [];
  /** Why `auth` was refused, in the words of a close reason; empty when it was not. */
  refusal = "";
  readonly #exchange: Exchange;
  readonly #identity: Identity;

  constructor(exchange: Exchange, identity: Identity) {
    this.#exchange = exchange;
    this.#identity = identity;
  }

  /** Answer `hello` with `auth`. */
  greet(hello: Hello, token: string, onReady: (ready: Ready) => void): void {
    this.heartbeatMs = hello.heartbeat_ms;
    this.#exchange.limits = hello.limits;
    this.cursors = this.#exchange.resume();
    this.refusal = "";
    const auth = {
      token,
      resume: this.cursors,
      features: ["batch"],
      client: this.#identity,
    } as const;
    this.#exchange.ask("auth", auth, (answer) => this.#onAuth(answer, onReady));
  }

  #onAuth(answer: Answer, onReady: (ready: Ready) => void): void {
    if (answer.ok && answer.reply.type === "ready") onReady(answer.reply);
    if (!answer.ok) this.refusal = asCloseReason(answer.problem.code);
  }
}

function asCloseReason(code: Code): string {
  return code === "token_expired" ? "expired" : code;
}
