/**
 * What is said on a ready connection: commands and answers, messages to send, rooms to hear.
 *
 * It outlives any one connection. `begin` and `end` tell it when there is one; in between it writes
 * frames, and without one it keeps what must be said next time. After every input somebody calls
 * `turn`, which sends what has become possible.
 */

import { Alarms } from "#protocol/alarms.ts";
import { waitMs } from "#protocol/backoff.ts";
import { USUAL_LIMITS } from "#protocol/controls.ts";
import type {
  Commands,
  CommandType,
  Cursor,
  Limits,
  Ready,
  RoomEvent,
  SaidFrame,
  ServerFrame,
  Signal,
} from "#protocol/frames.ts";
import { type Answer, InFlight, type OnAnswer } from "#protocol/inflight.ts";
import type { Wish } from "#protocol/inputs.ts";
import { Keystrokes } from "#protocol/keystrokes.ts";
import type { Wire } from "#protocol/liveroom.ts";
import type { Notice } from "#protocol/notices.ts";
import { Outbox, type Unsent } from "#protocol/outbox.ts";
import { Pressure } from "#protocol/pressure.ts";
import { READ_INTERVAL_MS, Reads } from "#protocol/reads.ts";
import { LiveRooms } from "#protocol/rooms.ts";
import { localProblem } from "#wire/problem.ts";

interface Outside {
  /** The time of the input being handled, in ms. */
  readonly now: number;
  /** A new connection is about to take the place of the last one. */
  readonly isMoving: boolean;
  write(frame: SaidFrame): void;
  tell(notice: Notice): void;
}

type Ordered = Extract<Wish, { is: "order" }>;

/** `sync` asks for at most so many events at once, says the protocol. */
const MOST_SYNCED = 200;
/** After so long without `resumed`, nor any event that is replayed, it is asked for again. */
const RESUME_MS = 10_000;

export class Exchange implements Wire {
  isReady = false;
  me: string | null = null;
  limits: Limits = USUAL_LIMITS;
  readonly pressure = new Pressure();
  readonly #outside: Outside;
  readonly #random: () => number;
  readonly #outbox: Outbox;
  readonly #rooms = new LiveRooms(this);
  readonly #reads = new Reads();
  readonly #inFlight = new InFlight();
  readonly #keystrokes = new Keystrokes();
  readonly #alarms = new Alarms<"repair" | "read" | "resume">();
  /** Where the person began to type before the server let them. */
  #typingIn: string | null = null;
  /** What is to be asked once another connection has taken the place of the last one. */
  #held: Ordered[] = [];
  /** Refused repairs in a row. */
  #refusals = 0;
  #toldItems: readonly Unsent[] = [];

  constructor(outside: Outside, random: () => number) {
    this.#outside = outside;
    this.#random = random;
    this.#outbox = new Outbox(random);
    this.#toldItems = this.#outbox.items;
  }

  get syncLimit(): number {
    return Math.min(MOST_SYNCED, this.limits.sync_limit);
  }

  get mostRooms(): number {
    return this.limits.rooms_attached;
  }

  /** Nothing waits for an answer. */
  get isIdle(): boolean {
    return this.#inFlight.size === 0 && !this.#isResuming;
  }

  /** When `turn` is due even if nothing arrives, or null. */
  get next(): number | null {
    const send = this.isReady && !this.#isResuming ? this.#outbox.next : null;
    const times = [this.#alarms.next, this.#inFlight.next, send].filter((time) => time !== null);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Send a command that wants an answer; without a connection it is refused at once. */
  request<T extends CommandType>(type: T, data: Commands[T], onAnswer: OnAnswer): void {
    if (!this.isReady) {
      onAnswer({ ok: false, problem: localProblem("disconnected", "There is no connection.") });
    } else if (this.#inFlight.size >= this.limits.in_flight) {
      onAnswer({ ok: false, problem: localProblem("limit_exceeded", "Too much at once.") });
    } else {
      this.ask(type, data, onAnswer);
    }
  }

  /** Like `request`, also before the connection is ready: for `auth`. */
  ask<T extends CommandType>(type: T, data: Commands[T], onAnswer: OnAnswer): void {
    const ref = this.#inFlight.add(onAnswer, this.#outside.now);
    this.#outside.write({ type, ref, data } as SaidFrame); // `Commands` has the pairs of them.
  }

  /** Do what the application wants, now or when there is a connection. */
  wish(wish: Wish): void {
    switch (wish.is) {
      case "attach":
        return this.#rooms.attach(wish.room_id);
      case "detach":
        return this.#detach(wish.room_id);
      case "follow":
        return this.#rooms.follow(wish.room_ids);
      case "send":
        return this.#outbox.add(wish);
      case "share":
        return this.#outbox.share(wish.items);
      case "carry":
        this.#outbox.isCarrier = wish.isCarrier;
        return;
      case "resend":
        return this.#outbox.resend(wish.client_msg_id);
      case "forget":
        return this.#outbox.remove(wish.client_msg_id);
      case "typing":
        return this.#type(wish.room_id, wish.is_typing);
      case "read":
        return this.#reads.note(wish.room_id, wish.seq);
      case "recall":
        return this.#reads.recall(wish.room_id, wish.seq);
      case "order":
        this.#held.push(wish);
        return;
    }
  }

  tell(notice: Notice): void {
    if (notice.type === "event") this.#settleOwn(notice.event);
    if (notice.type === "detached") this.#outbox.removeUpTo(notice.room_id, Infinity);
    this.#outside.tell(notice);
    if (notice.type === "joined" || notice.type === "event") this.#typeNow();
  }

  repairLater(afterMs: number | null): void {
    const pause = afterMs ?? waitMs(this.#refusals, this.#random);
    if (afterMs === null) this.#refusals += 1;
    this.#alarms.set("repair", this.#outside.now + pause);
  }

  repaired(): void {
    this.#refusals = 0;
  }

  answer(ref: string | null, answer: Answer): void {
    this.#inFlight.answer(ref, answer);
    if (!answer.ok) return;
    const { reply } = answer;
    if (reply.type === "pong") this.pressure.level = reply.pressure;
    if (reply.type === "room_left" && ref === null) {
      this.#rooms.onLeft(reply.room_id, reply.reason);
    } else if (reply.type === "resumed") {
      if (ref === null) this.#alarms.clear("resume");
      this.#rooms.onResumed(reply.rooms);
    }
  }

  /** Hear a frame that is not an answer. */
  hear(frame: ServerFrame): void {
    if (frame.type === "signal") this.#hearSignal(frame.signal);
    if (frame.type === "gap") this.#rooms.onGap(frame.room_id, frame.to_seq, frame.reason);
    if (frame.type === "event") {
      if (this.#isResuming) this.#expectResumed();
      this.#rooms.onEvent(frame.event);
    }
  }

  /** Where the wanted rooms stand, for `auth`. */
  resume(): Cursor[] {
    return this.#rooms.resume();
  }

  /** There is a ready connection, on which `resumed` will follow for these cursors. */
  begin(ready: Ready, cursors: readonly Cursor[]): void {
    this.isReady = true;
    this.me = ready.person.id;
    this.#refusals = 0;
    this.pressure.level = 0;
    if (cursors.length > 0) this.#expectResumed();
    this.#reads.compare(ready.rooms);
    this.#rooms.start(ready.rooms);
  }

  /** The connection is gone. */
  end(): void {
    this.isReady = false;
    this.#inFlight.abandon();
    this.#alarms.clear("resume");
    this.#alarms.clear("repair");
    this.#rooms.onClosed();
  }

  /** Do what is due and send what may be sent. */
  turn(): void {
    const { now } = this.#outside;
    this.#inFlight.expire(now);
    const due = this.#alarms.take(now);
    if (due.includes("resume")) this.#rooms.giveUpResume();
    if (due.includes("repair")) this.#rooms.repair();
    if (this.isReady) this.#sendReads();
    if (this.isReady && !this.#isResuming) this.#sendMessages();
    if (!this.#outside.isMoving) for (const held of this.#held.splice(0)) this.#ask(held);
    if (this.#outbox.items !== this.#toldItems) {
      this.#toldItems = this.#outbox.items;
      this.#outside.tell({ type: "outbox", items: this.#toldItems });
    }
  }

  /** Without a live stream the event of an accepted message will not come. */
  #detach(roomId: string): void {
    this.#rooms.detach(roomId);
    if (!this.#rooms.isWanted(roomId)) this.#outbox.removeUpTo(roomId, Infinity);
  }

  #ask({ tag, order }: Ordered): void {
    this.request(order.type, order.data, (answer) => this.tell({ type: "answered", tag, answer }));
  }

  /** Tell the others of a room that its reader is typing, if the time has come. */
  #type(roomId: string, isTyping: boolean): void {
    if (!this.pressure.mayType) return;
    const mayType = this.isReady && this.#rooms.mayType(roomId);
    this.#typingIn = !mayType && isTyping ? roomId : null;
    if (!mayType) return;
    const { now } = this.#outside;
    if (!this.#keystrokes.note(roomId, isTyping, now, this.limits.typing_interval_ms)) return;
    this.#outside.write({ type: "typing", data: { room_id: roomId, is_typing: isTyping } });
  }

  #expectResumed(): void {
    this.#alarms.set("resume", this.#outside.now + RESUME_MS);
  }

  #typeNow(): void {
    if (this.#typingIn !== null) this.#type(this.#typingIn, true);
  }

  get #isResuming(): boolean {
    return this.#alarms.isSet("resume");
  }

  #sendMessages(): void {
    for (const item of this.#outbox.take(this.#outside.now)) {
      const { client_msg_id, room_id, content, reply_to } = item;
      const link = reply_to === null ? {} : { reply_to };
      this.request("send_message", { room_id, client_msg_id, content, ...link }, (answer) => {
        if (!answer.ok) this.#outbox.refused(client_msg_id, answer.problem, this.#outside.now);
        else if (answer.reply.type === "ack") {
          this.#onAccepted(room_id, client_msg_id, answer.reply.seq ?? 0);
        }
      });
    }
  }

  /** The message waits for its own event, unless that has come already or will not come. */
  #onAccepted(roomId: string, id: string, seq: number): void {
    const isComing = this.#rooms.isWanted(roomId) && seq > this.#rooms.lastOf(roomId);
    if (isComing) this.#outbox.accepted(id, seq);
    else this.#outbox.remove(id);
  }

  #settleOwn({ room_id, seq, change }: RoomEvent): void {
    if (change.type === "message" && change.message.author.id === this.me) {
      this.#outbox.remove(change.message.client_msg_id ?? "");
    }
    this.#outbox.removeUpTo(room_id, seq);
  }

  #sendReads(): void {
    if (this.#alarms.isSet("read")) return;
    const read = this.#reads.take();
    if (!read) return;
    this.#outside.write({ type: "read", data: read });
    this.#alarms.set("read", this.#outside.now + READ_INTERVAL_MS);
  }

  #hearSignal(signal: Signal): void {
    if (signal.type === "room_removed") this.#rooms.onLeft(signal.room_id, signal.reason);
    this.#outside.tell({ type: "signal", signal });
  }
}
