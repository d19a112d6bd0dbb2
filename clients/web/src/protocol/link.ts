/**
 * A client's tie to its server. Pure: it is given what happened and when, and returns what to do;
 * `client.ts` does it. How the tie begins, breaks and comes back is in `life.ts`, what is said on it in
 * `exchange.ts`.
 */

import { Exchange } from "#protocol/exchange.ts";
import type { SaidFrame } from "#protocol/frames.ts";
import type { Identity } from "#protocol/handshake.ts";
import type { Effect, Happening, Wish } from "#protocol/inputs.ts";
import { Life } from "#protocol/life.ts";
import type { Notice, Status } from "#protocol/notices.ts";
import { receive } from "#protocol/receive.ts";

export class Link {
  /** The time of the input being handled, in ms. */
  now = 0;
  readonly #exchange: Exchange;
  readonly #life: Life;
  #effects: Effect[] = [];
  #told: Status = { kind: "idle" };

  constructor(identity: Identity, random: () => number) {
    this.#exchange = new Exchange(this, random);
    this.#life = new Life(this, this.#exchange, identity, random);
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
    const times = [this.#life.next, this.#exchange.next].filter((time) => time !== null);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Another connection is about to take the place of the last one. */
  get isMoving(): boolean {
    return this.#life.isMoving;
  }

  act(effect: Effect): void {
    this.#effects.push(effect);
  }

  write(frame: SaidFrame): void {
    this.act({ do: "write", frame });
  }

  tell(notice: Notice): void {
    this.act({ do: "tell", notice });
  }

  #take(happening: Happening): void {
    const life = this.#life;
    switch (happening.is) {
      case "start":
        return life.start();
      case "stop":
        return life.stop();
      case "wake":
        return life.wake();
      case "offline":
        return life.doubt();
      case "tick":
        return life.tick();
      case "token":
        return life.onToken(happening.token, happening.expiresAt);
      case "token_refused":
        return life.signOut();
      case "token_unavailable":
        return life.onNoToken();
      case "received":
        life.onHeard();
        for (const frame of receive(happening.text)) life.onFrame(frame);
        return;
      case "closed":
        return life.onClosed(happening.code, happening.reason);
      case "checked":
        return life.onChecked(happening.reach);
      case "probed":
        return life.onProbed(happening.isThrough);
    }
  }

  #finish(): Effect[] {
    this.#exchange.turn();
    this.#life.settle();
    this.#tellStatus();
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  #tellStatus(): void {
    const status = this.#life.status ?? this.#told;
    if (JSON.stringify(status) === JSON.stringify(this.#told)) return;
    this.#told = status;
    this.tell({ type: "status", status });
  }
}
