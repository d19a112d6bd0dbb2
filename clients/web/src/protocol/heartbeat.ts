/** Whether the other side is still there: a ping now and then, and something heard after it. */

/** A connection that says nothing so long after a ping is dead. */
const PONG_MS = 10_000;
/** The same, when there is reason to doubt: the network changed, or the machine has slept. */
const DOUBTFUL_PONG_MS = 5_000;

export class Heartbeat {
  #everyMs = 0;
  #pingAt: number | null = null;
  #deadAt: number | null = null;

  /** Begin; the first ping is at a random time, so that many clients do not ping at once. */
  start(now: number, everyMs: number, random: () => number): void {
    this.#everyMs = everyMs;
    this.#pingAt = now + random() * everyMs;
    this.#deadAt = null;
  }

  stop(): void {
    this.#pingAt = null;
    this.#deadAt = null;
  }

  /** Something came: the connection lives. */
  heard(): void {
    this.#deadAt = null;
  }

  /** Ping at once and expect an answer soon. */
  doubt(now: number): void {
    this.#pingAt = now;
    this.#deadAt = Math.min(this.#deadAt ?? Number.POSITIVE_INFINITY, now + DOUBTFUL_PONG_MS);
  }

  /** Return what is due at `now`: a ping to send, or the news that the connection is dead. */
  check(now: number): "ping" | "dead" | null {
    if (this.#deadAt !== null && this.#deadAt <= now) return "dead";
    if (this.#pingAt === null || this.#pingAt > now) return null;
    this.#pingAt = now + this.#everyMs;
    this.#deadAt ??= now + PONG_MS;
    return "ping";
  }

  /** When `check` is due, or null. */
  get next(): number | null {
    const times = [this.#pingAt, this.#deadAt].filter((time) => time !== null);
    return times.length === 0 ? null : Math.min(...times);
  }
}
