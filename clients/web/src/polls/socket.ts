/**
 * Speaks `chat.v1` as a socket does, over polls: texts of frames in, texts of frames out.
 *
 *     begun --greeted--> hello, and ready for the client's auth --> poll, pause, poll ... --> over
 *
 * What is to be heard goes through one poll after another; `rooms.ts` answers for the rooms. Commands
 * are requests of their own beside it. It ends with the close codes of a socket, so whoever uses it
 * comes back in the same way.
 */

import type { Call } from "#api/call.ts";
import { problemIn, Refused, type Request } from "#api/http.ts";
import { type Answer, readAnswer } from "#polls/answer.ts";
import { type Errand, errandFor } from "#polls/errands.ts";
import { type Failure, MARGIN_MS, Pace } from "#polls/pace.ts";
import { Rooms } from "#polls/rooms.ts";
import { Wait } from "#polls/wait.ts";
import type { Socket, SocketEar } from "#protocol/client.ts";
import type { SaidFrame } from "#protocol/frames.ts";
import type { SyncAsked } from "#wire/generated/http.ts";
import { Malformed } from "#wire/read.ts";

/** What polls touch. */
export interface PollEdges {
  /** Requests as the person of the session, whose token is renewed when that is needed. */
  readonly call: Call;
  now(): number;
  setTimer(ring: () => void, afterMs: number): () => void;
  random(): number;
  /** A person has this page before them. */
  isLookedAt(): boolean;
}

const LOST = 1006;
const COME_BACK = 1012;
const NOT_LET_IN = 4401;
/** Answers of a proxy that lost patience, or the server behind it. */
const OF_PROXIES = new Set([0, 408, 502, 504]);

/** A poll that listens to nothing and is not held: only an answer is wanted. */
export const LIGHT_POLL: Request = {
  method: "POST",
  path: "/v1/sync",
  body: { cursors: {}, timeout_ms: 0 } satisfies SyncAsked,
};

export class PolledSocket implements Socket {
  readonly #edges: PollEdges;
  readonly #ear: SocketEar;
  readonly #pace: Pace;
  readonly #rooms: Rooms;
  #wait: Wait | null = null;
  /** What is to be said once a poll was answered that begins from now on. */
  #owed: ((answer: Answer) => void)[] = [];
  #isHeld = false;
  #isOpen = true;

  constructor(edges: PollEdges, ear: SocketEar) {
    this.#edges = edges;
    this.#ear = ear;
    this.#pace = new Pace(() => edges.random());
    this.#rooms = new Rooms({
      call: edges.call,
      now: () => edges.now(),
      say: (type, data, top) => this.#say(type, data, top),
      pass: (frames) => this.#pass(frames),
      owe: (settle) => this.#owe(settle),
    });
  }

  /** Poll until the end. */
  async run(): Promise<void> {
    try {
      while (this.#isOpen) await this.#turn();
    } finally {
      // Only by a bug of ours: whoever uses this must not take it for alive.
      this.#end(LOST, "");
    }
  }

  send(text: string): void {
    const frame = JSON.parse(text) as SaidFrame; // Written by our own client.
    const { ref = null } = frame;
    if (frame.type === "ping") return this.#ping();
    if (frame.type === "typing") return;
    // The session that every request is made with has the new token already.
    if (frame.type === "refresh") return this.#say("ack", {}, { ref });
    if (this.#rooms.obey(frame)) return;
    const { type, data = {} } = frame;
    const errand = errandFor(type, data as never); // They come from one frame, so they fit.
    if (errand) void this.#run(errand, ref);
  }

  close(): void {
    this.#isOpen = false;
    this.#wait?.end();
  }

  async #turn(): Promise<void> {
    const owed = this.#owed.splice(0);
    const isHurried = owed.length > 0 || !this.#rooms.isGreeted;
    const holdMs = isHurried ? 0 : this.#pace.holdMs(this.#edges.isLookedAt());
    const since = this.#edges.now();
    let pauseMs: number;
    try {
      const answer = await this.#poll(holdMs);
      if (!this.#isOpen) return;
      this.#rooms.hear(answer);
      for (const settle of owed) settle(answer);
      pauseMs = this.#pace.onAnswer({
        tookMs: this.#edges.now() - since,
        holdMs,
        isEmpty: answer.events.length === 0,
        isMore: answer.isMore || this.#owed.length > 0,
        isUnavailable: isUnavailable(answer),
        isLookedAt: this.#edges.isLookedAt(),
      });
    } catch (error) {
      this.#owed.unshift(...owed);
      pauseMs = this.#onFailure(error, Math.min(holdMs, this.#edges.now() - since));
    }
    if (this.#isOpen && pauseMs > 0) await this.#pause(pauseMs);
  }

  async #poll(holdMs: number): Promise<Answer> {
    const body: SyncAsked = { ...this.#rooms.asked, timeout_ms: holdMs };
    const wait = new Wait(this.#edges, holdMs + MARGIN_MS, holdMs > 0);
    this.#wait = wait;
    this.#isHeld = holdMs > 0;
    const request = { method: "POST", path: "/v1/sync", body, signal: wait.signal } as const;
    try {
      return await this.#edges.call(request, readAnswer);
    } finally {
      wait.over();
      this.#isHeld = false;
    }
  }

  async #pause(forMs: number): Promise<void> {
    const wait = new Wait(this.#edges, forMs, true);
    this.#wait = wait;
    await wait.ended;
  }

  /** Return how long to wait before the next poll, in ms; or end.  Raises again what is a bug. */
  #onFailure(error: unknown, heldMs: number): number {
    const failure = failureOf(error, heldMs);
    if (!this.#isOpen || this.#wait?.isCutShort || this.#isShutOut(error)) return 0;
    this.#rooms.doubt();
    const next = this.#pace.onFailure(failure);
    if (next.go === "on") return next.pauseMs;
    if (next.backAfterMs === null) this.#end(LOST, "");
    else {
      this.#say("reconnect", { reason: "drain", after_ms: next.backAfterMs });
      this.#end(COME_BACK, "");
    }
    return 0;
  }

  /** Let a poll begin at once, and say something after it. One that is not held is nearly over. */
  #owe(settle: (answer: Answer) => void): void {
    this.#owed.push(settle);
    this.#wait?.cutShort();
  }

  /** An answer from the server, not from here: beside a poll that is held, or by the next one. */
  #ping(): void {
    if (this.#isHeld) void this.#askBeside();
    else this.#owe(() => this.#say("pong", {}));
  }

  async #askBeside(): Promise<void> {
    try {
      await this.#edges.call(LIGHT_POLL, readAnswer);
      this.#say("pong", {});
    } catch (error) {
      problemIn(error); // Whoever waits for the pong draws the conclusion.
    }
  }

  async #run(errand: Errand, ref: string | null): Promise<void> {
    try {
      const { type, data } = await this.#edges.call(errand.request, errand.read);
      if (ref !== null) this.#say(type, data, { ref });
    } catch (error) {
      const problem = problemIn(error);
      if (this.#isShutOut(error) || ref === null) return;
      this.#say("error", problem, { ref });
    }
  }

  /** Return whether the session has ended; then so does this. */
  #isShutOut(error: unknown): boolean {
    if (!(error instanceof Refused) || error.status !== 401) return false;
    this.#end(NOT_LET_IN, error.problem.code === "token_expired" ? "expired" : "revoked");
    return true;
  }

  #say(type: string, data: object, top: object = {}): void {
    this.#pass({ type, ...top, data });
  }

  /** A list is a batch, as on a socket. */
  #pass(frames: object): void {
    if (this.#isOpen) this.#ear.received(JSON.stringify(frames));
  }

  #end(code: number, reason: string): void {
    if (!this.#isOpen) return;
    this.close();
    this.#ear.closed(code, reason);
  }
}

/** Something in between may cut a poll that is held, or answer in the server's place. */
function failureOf(error: unknown, heldMs: number): Failure {
  const problem = problemIn(error);
  const isCut =
    error instanceof Malformed || (error instanceof Refused && OF_PROXIES.has(error.status));
  return isCut ? { is: "cut", heldMs } : { is: "refused", problem };
}

function isUnavailable({ told }: Answer): boolean {
  return [...told.values()].some((now) => "reason" in now && now.reason === "unavailable");
}
