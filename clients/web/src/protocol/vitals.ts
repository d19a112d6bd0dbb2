/** What a connection needs while it lasts, and whether it lives: all of it that is a matter of time. */

import { Alarms } from "#protocol/alarms.ts";
import { Heartbeat } from "#protocol/heartbeat.ts";
import { Renewal } from "#protocol/renewal.ts";

export type Need =
  | "ping"
  /** A fresh token, for the server. */
  | "token"
  /** Nothing: it has been good for a while. */
  | "praise"
  /** It does not work, or was told to be left: its end. */
  | "end";

/** From opening a connection to `ready`. The server gives `auth` 5 s; the rest is a slow network. */
const HANDSHAKE_MS = 15_000;
/** A connection this old was a good one: waiting starts from 1 s again. */
const STABLE_MS = 5_000;
/** After its announced time a draining server has 5 s for its last answers. */
const DRAIN_GRACE_MS = 6_000;

export class Vitals {
  readonly renewal = new Renewal();
  readonly #heartbeat = new Heartbeat();
  readonly #alarms = new Alarms<"handshake" | "stable" | "drain">();

  /** When `take` is due, or null. */
  get next(): number | null {
    const parts = [this.#alarms, this.#heartbeat, this.renewal];
    const set = parts.map(({ next }) => next).filter((time) => time !== null);
    return set.length === 0 ? null : Math.min(...set);
  }

  open(now: number): void {
    this.#alarms.set("handshake", now + HANDSHAKE_MS);
  }

  ready(now: number, heartbeatMs: number, random: () => number): void {
    this.#alarms.clear("handshake");
    this.#alarms.set("stable", now + STABLE_MS);
    this.#heartbeat.start(now, heartbeatMs, random);
  }

  heard(): void {
    this.#heartbeat.heard();
  }

  /** There is reason to ask whether it lives. */
  doubt(now: number): void {
    this.#heartbeat.doubt(now);
  }

  /** The server is about to leave, at `at`. */
  drain(at: number): void {
    this.#alarms.set("drain", at + DRAIN_GRACE_MS);
  }

  end(): void {
    this.#alarms.clearAll();
    this.#heartbeat.stop();
    this.renewal.stop();
  }

  /** Return what is due, in the order in which to do it. */
  take(now: number): Need[] {
    const rung = this.#alarms.take(now);
    const beat = this.#heartbeat.check(now);
    const needs: Need[] = rung.includes("stable") ? ["praise"] : [];
    if (this.renewal.take(now)) needs.push("token");
    if (beat === "ping") needs.push("ping");
    const isOver = rung.includes("handshake") || rung.includes("drain") || beat === "dead";
    return isOver ? [...needs, "end"] : needs;
  }
}
