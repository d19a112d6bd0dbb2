/**
 * The life of a client's tie to its server, over any number of connections. Pure: it is given what
 * happened and when, and returns what to do; `client.ts` does it.
 *
 *     idle --start--> asking --token--> opening --hello--> greeting --ready--> ready
 *                       ^                  |                  |                  |
 *                       |                  +------ closed, or silent too long ---+
 *                       |                                     |
 *                       +-- time, wake -- waiting <-- decision on the close --> stopped
 *
 * `asking` waits for an access token, `waiting` for the time to try again. What is said while
 * `ready` is in `exchange.ts`, whether to come back in `comeback.ts`.
 */

import { Alarms } from "#protocol/alarms.ts";
import type { StopReason } from "#protocol/closes.ts";
import { Comeback, type Decision } from "#protocol/comeback.ts";
import { Exchange } from "#protocol/exchange.ts";
import type { Ready, SaidFrame, ServerFrame } from "#protocol/frames.ts";
import { Handshake, type Identity } from "#protocol/handshake.ts";
import { Heartbeat } from "#protocol/heartbeat.ts";
import type { Effect, Happening, Wish } from "#protocol/inputs.ts";
import type { Notice, Status } from "#protocol/notices.ts";
import { receive } from "#protocol/receive.ts";
import { renewalAt } from "#protocol/renewal.ts";

type Phase = "idle" | "asking" | "opening" | "greeting" | "ready" | "waiting" | "stopped";
type AlarmName = "handshake" | "retry" | "stable" | "renew" | "drain";

/** From opening a socket to `ready`. The server gives `auth` 5 s; the rest is a slow network. */
const HANDSHAKE_MS = 15_000;
/** A connection this old was a good one: waiting starts from 1 s again. */
const STABLE_MS = 5_000;
const RENEW_AGAIN_MS = 5_000;
/** After its announced time a draining server has 5 s for its last answers. */
const DRAIN_GRACE_MS = 6_000;
const NORMAL_CLOSE = 1_000;
/** Codes from 4000 on are free for applications. */
const SILENT_CLOSE = 4_000;

export class Link {
  /** The time of the input being handled, in ms. */
  now = 0;
  readonly #random: () => number;
  readonly #exchange: Exchange;
  readonly #handshake: Handshake;
  readonly #comeback: Comeback;
  readonly #heartbeat = new Heartbeat();
  readonly #alarms = new Alarms<AlarmName>();
  #effects: Effect[] = [];
  #phase: Phase = "idle";
  #told: Status = { kind: "idle" };
  #stopReason: StopReason = "closed";
  #token = "";
  #expiresAt = 0;
  #retryAt = 0;
  #mayHurry = true;
  #isOnline = true;

  constructor(identity: Identity, random: () => number) {
    this.#random = random;
    this.#exchange = new Exchange(this, random);
    this.#handshake = new Handshake(this.#exchange, identity);
    this.#comeback = new Comeback(random);
  }

  /** Take what happened at `now`, in ms; return what to do, in order. */
  handle(happening: Happening, now: number): Effect[] {
    this.now = now;
    this.#take(happening);
    return this.#finish();
  }

  /** Take what the application wants at `now`, in ms; return what to do, in order. */
  wish(wish: Wish, now: number): Effect[] {
    this.now = now;
    this.#exchange.wish(wish);
    return this.#finish();
  }

  /** When a `tick` is due, or null. */
  get deadline(): number | null {
    const times = [this.#alarms.next, this.#heartbeat.next, this.#exchange.next];
    const set = times.filter((time) => time !== null);
    return set.length === 0 ? null : Math.min(...set);
  }

  write(frame: SaidFrame): void {
    this.#effects.push({ do: "write", frame });
  }

  tell(notice: Notice): void {
    this.#effects.push({ do: "tell", notice });
  }

  #take(happening: Happening): void {
    switch (happening.is) {
      case "start":
        return this.#start();
      case "stop":
        return this.#stop();
      case "wake":
        return this.#wake();
      case "offline":
        return this.#doubt();
      case "tick":
        return this.#tick();
      case "token":
        return this.#onToken(happening.token, happening.expiresAt);
      case "token_refused":
        return this.#signOut();
      case "token_unavailable":
        return this.#onNoToken();
      case "received":
        this.#heartbeat.heard();
        for (const frame of receive(happening.text)) this.#onFrame(frame);
        return;
      case "closed":
        return this.#onClosed(happening.code, happening.reason);
    }
  }

  #start(): void {
    if (this.#phase === "idle" || this.#phase === "stopped") this.#ask(false);
  }

  #stop(): void {
    this.#leave(NORMAL_CLOSE);
    this.#phase = "idle";
  }

  #wake(): void {
    this.#isOnline = true;
    if (this.#phase === "waiting" && this.#mayHurry) this.#ask(false);
    if (this.#phase === "ready") this.#heartbeat.doubt(this.now);
    this.#beat();
  }

  #doubt(): void {
    this.#isOnline = false;
    if (this.#phase === "ready") this.#heartbeat.doubt(this.now);
    this.#beat();
  }

  #tick(): void {
    for (const alarm of this.#alarms.take(this.now)) this.#ring(alarm);
    this.#beat();
  }

  #ring(alarm: AlarmName): void {
    if (alarm === "retry") this.#ask(false);
    else if (alarm === "stable") this.#comeback.onStable();
    else if (alarm === "renew") this.#fetchToken(true);
    else this.#abandon();
  }

  #beat(): void {
    const due = this.#heartbeat.check(this.now);
    if (due === "ping") this.write({ type: "ping", data: {} });
    if (due === "dead") this.#abandon();
  }

  /** Get a token, then open. */
  #ask(isFresh: boolean): void {
    this.#alarms.clear("retry");
    this.#phase = "asking";
    this.#fetchToken(isFresh);
  }

  #fetchToken(fresh: boolean): void {
    this.#effects.push({ do: "fetch_token", fresh });
  }

  #onToken(token: string, expiresAt: number): void {
    this.#token = token;
    this.#expiresAt = expiresAt;
    if (this.#phase === "ready") this.#renew();
    if (this.#phase !== "asking") return;
    this.#phase = "opening";
    this.#alarms.set("handshake", this.now + HANDSHAKE_MS);
    this.#effects.push({ do: "open" });
  }

  #onNoToken(): void {
    if (this.#phase === "ready") this.#alarms.set("renew", this.now + RENEW_AGAIN_MS);
    if (this.#phase === "asking") this.#follow(this.#comeback.backOff(0));
  }

  #onFrame(frame: ServerFrame): void {
    switch (frame.type) {
      case "hello":
        return this.#onHello(frame);
      case "reply":
        return this.#exchange.answer(frame.ref, { ok: true, reply: frame.reply });
      case "error":
        return this.#exchange.answer(frame.ref, { ok: false, problem: frame.problem });
      case "token_expiring":
        if (!this.#alarms.isSet("renew")) return;
        this.#alarms.clear("renew");
        return this.#fetchToken(true);
      case "reconnect":
        this.#comeback.onDrain(this.now + frame.after_ms);
        return this.#alarms.set("drain", this.now + frame.after_ms + DRAIN_GRACE_MS);
      default:
        return this.#exchange.hear(frame);
    }
  }

  #onHello(hello: Extract<ServerFrame, { type: "hello" }>): void {
    if (this.#phase !== "opening") return;
    this.#phase = "greeting";
    this.#handshake.greet(hello, this.#token, (ready) => this.#onReady(ready));
  }

  #onReady(ready: Ready): void {
    this.#phase = "ready";
    this.#comeback.onReady();
    this.#alarms.clear("handshake");
    this.#alarms.set("stable", this.now + STABLE_MS);
    this.#alarms.set("renew", renewalAt(this.now, this.#expiresAt));
    this.#heartbeat.start(this.now, this.#handshake.heartbeatMs, this.#random);
    this.tell({ type: "ready", ready, limits: this.#exchange.limits });
    this.#exchange.begin(ready, this.#handshake.cursors);
  }

  /** Give the new token to the server, on the connection that lives. */
  #renew(): void {
    this.#exchange.request("refresh", { token: this.#token }, (answer) => {
      const at = answer.ok ? renewalAt(this.now, this.#expiresAt) : this.now + RENEW_AGAIN_MS;
      if (this.#phase === "ready") this.#alarms.set("renew", at);
    });
  }

  #onClosed(code: number, reason: string): void {
    const why = reason || this.#handshake.refusal;
    this.#lose();
    this.#follow(this.#comeback.after(code, why, this.now));
  }

  /** Leave a connection that does not work, and come back. */
  #abandon(): void {
    this.#leave(SILENT_CLOSE);
    this.#follow(this.#comeback.after(SILENT_CLOSE, "", this.now));
  }

  #follow(decision: Decision): void {
    if (decision.go === "log_in") return this.#signOut();
    if (decision.go === "refresh") return this.#ask(true);
    if (decision.go === "stop") {
      this.#phase = "stopped";
      this.#stopReason = decision.why;
      return;
    }
    this.#phase = "waiting";
    this.#mayHurry = decision.isOurs;
    this.#retryAt = this.now + decision.forMs;
    this.#alarms.set("retry", this.#retryAt);
  }

  #signOut(): void {
    this.#stop();
    this.tell({ type: "signed_out" });
  }

  #leave(code: number): void {
    const hasSocket = ["opening", "greeting", "ready"].includes(this.#phase);
    if (hasSocket) this.#effects.push({ do: "close", code });
    this.#lose();
  }

  #lose(): void {
    this.#phase = "idle";
    this.#alarms.clearAll();
    this.#heartbeat.stop();
    this.#exchange.end();
  }

  #finish(): Effect[] {
    this.#exchange.turn();
    this.#tellStatus();
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  #tellStatus(): void {
    const status = this.#status();
    if (JSON.stringify(status) === JSON.stringify(this.#told)) return;
    this.#told = status;
    this.tell({ type: "status", status });
  }

  #status(): Status {
    if (this.#phase === "idle") return { kind: "idle" };
    if (this.#phase === "ready") return { kind: "connected" };
    if (this.#phase === "stopped") return { kind: "stopped", why: this.#stopReason };
    if (this.#phase !== "waiting") return { kind: "connecting" };
    return this.#isOnline ? { kind: "reconnecting", retryAt: this.#retryAt } : { kind: "offline" };
  }
}
