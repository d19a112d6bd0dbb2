/**
 * The life of a client's tie to its server, over any number of connections.
 *
 *     idle --start--> asking --token--> opening --hello--> greeting --ready--> ready
 *                       ^                  |                  |                  |
 *                       |                  +------ closed, or silent too long ---+
 *                       |                                     |
 *                       +-- time, wake -- waiting <-- decision on the close --> stopped
 *
 * `asking` waits for an access token, `waiting` for the time to try again. What is said while
 * `ready` is in `exchange.ts`, whether to come back in `comeback.ts`, what a connection needs while it
 * lasts in `vitals.ts`, and in `crossing.ts` whether it is a socket or polls: what is said is the same.
 */

import type { StopReason } from "#protocol/closes.ts";
import { Comeback, type Decision } from "#protocol/comeback.ts";
import { Crossing } from "#protocol/crossing.ts";
import type { Exchange } from "#protocol/exchange.ts";
import type { Ready, SaidFrame, ServerFrame } from "#protocol/frames.ts";
import { Handshake, type Identity } from "#protocol/handshake.ts";
import type { Effect } from "#protocol/inputs.ts";
import type { Notice, Status } from "#protocol/notices.ts";
import { type Need, Vitals } from "#protocol/vitals.ts";
import type { Reach } from "#protocol/ways.ts";

type Phase = "idle" | "asking" | "opening" | "greeting" | "ready" | "waiting" | "stopped";

interface Outside {
  /** The time of the input being handled, in ms. */
  readonly now: number;
  act(effect: Effect): void;
  write(frame: SaidFrame): void;
  tell(notice: Notice): void;
}

const NORMAL_CLOSE = 1_000;
/** Codes from 4000 on are free for applications. */
const SILENT_CLOSE = 4_000;

export class Life {
  readonly #outside: Outside;
  readonly #random: () => number;
  readonly #exchange: Exchange;
  readonly #handshake: Handshake;
  readonly #comeback: Comeback;
  readonly #crossing = new Crossing();
  readonly #vitals = new Vitals();
  #phase: Phase = "idle";
  #stopReason: StopReason = "closed";
  #token = "";
  #expiresAt = 0;
  /** When to try again; null unless that is waited for. */
  #retryAt: number | null = null;
  #mayHurry = true;
  #isOnline = true;

  constructor(outside: Outside, exchange: Exchange, identity: Identity, random: () => number) {
    this.#outside = outside;
    this.#random = random;
    this.#exchange = exchange;
    this.#handshake = new Handshake(exchange, identity);
    this.#comeback = new Comeback(random);
  }

  /** When `tick` is due, or null. */
  get next(): number | null {
    const times = [this.#retryAt, this.#vitals.next, this.#crossing.next];
    const set = times.filter((time) => time !== null);
    return set.length === 0 ? null : Math.min(...set);
  }

  /** Another connection is about to take the place of the last one. */
  get isMoving(): boolean {
    return this.#crossing.isMoving;
  }

  start(): void {
    if (this.#phase === "idle" || this.#phase === "stopped") this.#ask(false);
  }

  stop(): void {
    this.#leave(NORMAL_CLOSE);
    this.#crossing.rest();
  }

  wake(): void {
    // Another network may let sockets through.
    if (!this.#isOnline) this.#probe(true);
    this.#isOnline = true;
    if (this.#phase === "waiting" && this.#mayHurry) this.#ask(false);
    if (this.#phase === "ready") this.#vitals.doubt(this.#outside.now);
    this.tick();
  }

  doubt(): void {
    this.#isOnline = false;
    if (this.#phase === "ready") this.#vitals.doubt(this.#outside.now);
    this.tick();
  }

  tick(): void {
    if (this.#retryAt !== null && this.#retryAt <= this.#outside.now) this.#ask(false);
    for (const need of this.#vitals.take(this.#outside.now)) this.#tend(need);
    this.#probe(false);
  }

  #tend(need: Need): void {
    if (need === "ping") this.#outside.write({ type: "ping", data: {} });
    else if (need === "token") this.#fetchToken(true);
    else if (need === "praise") this.#comeback.onStable();
    else this.#abandon();
  }

  /** See whether the network lets a socket through by now. */
  #probe(isHurried: boolean): void {
    if (this.#crossing.takeProbe(this.#outside.now, isHurried)) this.#outside.act({ do: "probe" });
  }

  /** Get a token, then open. */
  #ask(isFresh: boolean): void {
    this.#retryAt = null;
    this.#phase = "asking";
    this.#fetchToken(isFresh);
  }

  #fetchToken(fresh: boolean): void {
    this.#outside.act({ do: "fetch_token", fresh });
  }

  onToken(token: string, expiresAt: number): void {
    this.#token = token;
    this.#expiresAt = expiresAt;
    if (this.#phase === "ready") this.#renew();
    if (this.#phase !== "asking") return;
    this.#phase = "opening";
    this.#vitals.open(this.#outside.now);
    this.#outside.act({ do: "open", way: this.#crossing.begin(this.#outside.now) });
  }

  onNoToken(): void {
    if (this.#phase === "ready") this.#vitals.renewal.again(this.#outside.now);
    if (this.#phase === "asking") this.#follow(this.#comeback.backOff(0));
  }

  onFrame(frame: ServerFrame): void {
    switch (frame.type) {
      case "hello":
        return this.#onHello(frame);
      case "reply":
        return this.#exchange.answer(frame.ref, { ok: true, reply: frame.reply });
      case "error":
        return this.#exchange.answer(frame.ref, { ok: false, problem: frame.problem });
      case "token_expiring":
        this.#vitals.renewal.warn(this.#outside.now);
        return this.tick();
      case "reconnect":
        this.#comeback.onDrain(this.#outside.now + frame.after_ms);
        return this.#vitals.drain(this.#outside.now + frame.after_ms);
      default:
        return this.#exchange.hear(frame);
    }
  }

  #onHello(hello: Extract<ServerFrame, { type: "hello" }>): void {
    if (this.#phase !== "opening") return;
    this.#phase = "greeting";
    const { server_time } = hello;
    if (server_time !== null) this.#outside.tell({ type: "clock", server_time });
    this.#handshake.greet(hello, this.#token, (ready) => this.#onReady(ready));
  }

  #onReady(ready: Ready): void {
    this.#phase = "ready";
    this.#comeback.onReady();
    this.#crossing.onReady();
    this.#vitals.ready(this.#outside.now, this.#handshake.heartbeatMs, this.#random);
    this.#vitals.renewal.start(this.#outside.now, this.#expiresAt);
    this.#outside.tell({ type: "ready", ready, limits: this.#exchange.limits });
    this.#exchange.begin(ready, this.#handshake.cursors);
  }

  /** Give the new token to the server, on the connection that lives. */
  #renew(): void {
    this.#exchange.request("refresh", { token: this.#token }, (answer) => {
      if (this.#phase !== "ready") return;
      if (answer.ok) this.#vitals.renewal.start(this.#outside.now, this.#expiresAt);
      else this.#vitals.renewal.again(this.#outside.now);
    });
  }

  onClosed(code: number, reason: string): void {
    const why = reason || this.#handshake.refusal;
    this.#lose();
    this.#comeBack(code, why);
  }

  /** Leave a connection that does not work, and come back. */
  #abandon(): void {
    this.#leave(SILENT_CLOSE);
    this.#comeBack(SILENT_CLOSE, "");
  }

  #comeBack(code: number, why: string): void {
    const isStopped = this.#crossing.isStopped(code, SILENT_CLOSE);
    if (isStopped && this.#crossing.isBlocked) return this.#ask(false);
    this.#follow(this.#comeback.after(code, why, this.#outside.now));
    if (isStopped && this.#isOnline) this.#outside.act({ do: "check" });
  }

  /** The socket that was tried beside the polls has begun, or it has failed. */
  onProbed(isThrough: boolean): void {
    this.#crossing.onProbed(isThrough);
  }

  /** The server has said something, whatever it was. */
  onHeard(): void {
    this.#vitals.heard();
  }

  /** HTTP was asked after a socket had failed: either way may be the better one now. */
  onChecked(reach: Reach): void {
    this.#crossing.onChecked(reach, this.#outside.now);
    if (this.#retryAt === null) return;
    if (this.#crossing.isBlocked) return this.#ask(false);
    if (reach.is !== "busy") return;
    this.#retryAt = Math.max(this.#retryAt, this.#outside.now + reach.retryAfterMs);
    this.#mayHurry = false;
  }

  /** Nothing waits for an answer: end the polls, and let a socket begin in their place. */
  #move(): void {
    this.#leave(NORMAL_CLOSE);
    this.#crossing.isMoving = true;
    this.#ask(false);
  }

  #follow(decision: Decision): void {
    if (decision.go === "log_in") return this.signOut();
    if (decision.go === "refresh") return this.#ask(true);
    this.#crossing.rest();
    if (decision.go === "stop") {
      this.#phase = "stopped";
      this.#stopReason = decision.why;
      return;
    }
    this.#phase = "waiting";
    this.#retryAt = this.#outside.now + decision.forMs;
    this.#mayHurry = decision.isOurs;
  }

  signOut(): void {
    this.stop();
    this.#outside.tell({ type: "signed_out" });
  }

  #leave(code: number): void {
    const hasSocket = ["opening", "greeting", "ready"].includes(this.#phase);
    if (hasSocket) this.#outside.act({ do: "close", code });
    this.#lose();
  }

  #lose(): void {
    this.#phase = "idle";
    this.#retryAt = null;
    this.#vitals.end();
    this.#crossing.onLost();
    this.#exchange.end();
  }

  /** Everything that the input led to is done: see whether to go over to another way. */
  settle(): void {
    if (this.#crossing.isDue && this.#exchange.isIdle) this.#move();
  }

  /** How we stand; null: as was told last. */
  get status(): Status | null {
    if (this.#phase === "idle") return { kind: "idle" };
    if (this.#phase === "stopped") return { kind: "stopped", why: this.#stopReason };
    if (this.#phase === "ready") {
      const { pressure } = this.#exchange;
      return { kind: "connected", way: this.#crossing.way, isBusy: pressure.isHigh };
    }
    if (this.#crossing.isMoving) return null;
    if (this.#retryAt === null) return { kind: "connecting" };
    return this.#isOnline ? { kind: "reconnecting", retryAt: this.#retryAt } : { kind: "offline" };
  }
}
