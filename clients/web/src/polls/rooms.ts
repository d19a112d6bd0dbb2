/**
 * The rooms of a polled connection: answers what a socket's server would of joining, resuming and
 * leaving, from what polls bring and from what can be asked for beside them.
 */

import type { Call } from "#api/call.ts";
import { problemIn } from "#api/http.ts";
import { RoomsApi } from "#api/rooms.ts";
import type { Answer, Told } from "#polls/answer.ts";
import { Cursors, gapIn, recoveryOf } from "#polls/cursors.ts";
import { Greeting } from "#polls/mending.ts";
import { peopleIn } from "#polls/people.ts";
import type { Commands, Cursor, SaidFrame } from "#protocol/frames.ts";
import type { ReadyShown, SyncAsked } from "#wire/generated/http.ts";
import type { Json } from "#wire/read.ts";

interface Outside {
  readonly call: Call;
  now(): number;
  /** Say one frame to the client; `top` is what stands beside its data. */
  say(type: string, data: object, top?: object): void;
  /** Say frames of the server, as they came. */
  pass(frames: readonly Json[]): void;
  /** Let a poll begin at once, and call `settle` with its answer. */
  owe(settle: (answer: Answer) => void): void;
}

/** What falls between two polls and is not told again is missing for so long. */
const GREET_EVERY_MS = 60_000;
const UNAVAILABLE: Told = { reason: "unavailable" };

export class Rooms {
  readonly #outside: Outside;
  readonly #cursors = new Cursors();
  #greeting: Greeting | null = null;
  #greetAt = Number.NEGATIVE_INFINITY;
  /** The data of `ready`, until the client has said who it is. */
  #ready: Json<ReadyShown> = {};
  /** The room that a page showed last: who is there matters. */
  #shown: string | null = null;

  constructor(outside: Outside) {
    this.#outside = outside;
  }

  get isGreeted(): boolean {
    return this.#greeting !== null;
  }

  /** As the next poll says them. */
  get asked(): Pick<SyncAsked, "cursors" | "greet"> {
    return { cursors: this.#cursors.asked, greet: this.#outside.now() >= this.#greetAt };
  }

  /** Something may have been missed: the next poll asks how everything stands. */
  doubt(): void {
    this.#greetAt = Number.NEGATIVE_INFINITY;
  }

  /** Obey a frame; return false if it is not about listening. */
  obey(frame: SaidFrame): boolean {
    const { ref = null } = frame;
    switch (frame.type) {
      case "auth":
        this.#outside.say("ready", this.#ready, { ref });
        if (frame.data?.resume?.length) this.#resume(frame.data.resume, {});
        return true;
      case "resume":
        this.#resume(frame.data.rooms, { ref });
        return true;
      case "join_room":
        this.#join(frame.data, { ref });
        return true;
      case "leave_room":
        this.#leave(frame.data.room_id, { ref });
        return true;
      default:
        return false;
    }
  }

  /** Tell the client what a poll has brought. */
  hear(answer: Answer): void {
    if (answer.hello && answer.ready) this.#greet(answer.hello, answer.ready);
    if (answer.events.length > 0) this.#outside.pass(answer.events);
    for (const room_id of this.#cursors.take(answer)) {
      this.#outside.say("room_left", { room_id, reason: "removed" });
    }
  }

  #greet(hello: Json<unknown>, ready: Json<ReadyShown>): void {
    const before = this.#greeting;
    this.#greeting = new Greeting(ready);
    this.#greetAt = this.#outside.now() + GREET_EVERY_MS;
    if (before) return void this.#mend(before, this.#greeting);
    this.#ready = ready;
    this.#outside.say("hello", hello);
  }

  #resume(cursors: readonly Cursor[], top: object): void {
    for (const { room_id, seq, epoch } of cursors) this.#cursors.listen(room_id, { seq, epoch });
    this.#outside.owe((answer) => {
      const rooms = cursors.map(({ room_id, seq }) => recoveryOf(answer, room_id, seq));
      this.#outside.say("resumed", { rooms }, top);
    });
  }

  #join({ room_id, after_seq, epoch }: Commands["join_room"], top: object): void {
    this.#shown = room_id;
    const isFrom = typeof after_seq === "number" && typeof epoch === "string";
    if (!isFrom && this.#cursors.at(room_id)) return void this.#welcome(room_id, true, top);
    this.#cursors.listen(room_id, isFrom ? { seq: after_seq, epoch } : null);
    this.#outside.owe((answer) => {
      const told = answer.told.get(room_id) ?? UNAVAILABLE;
      if ("seq" in told) void this.#welcome(room_id, gapIn(answer, room_id) === null, top);
      else this.#refuse(told.reason, top);
    });
  }

  /** Answer a join. What came since stands in front of it, so its head is where the room is now. */
  async #welcome(room_id: string, recovered: boolean, top: object): Promise<void> {
    const { call, say } = this.#outside;
    try {
      const [{ role }, { users, online_count }] = await Promise.all([
        new RoomsApi(call).get(room_id),
        peopleIn(call, room_id),
      ]);
      const place = this.#cursors.at(room_id);
      if (!place) return this.#refuse("unavailable", top);
      const read_seq = this.#greeting?.readIn(room_id) ?? 0;
      const stands = { room_id, epoch: place.epoch, head_seq: place.seq, read_seq, role };
      const online = users.map(({ person_id }) => person_id);
      const states = users.filter(({ state, status_text }) => state !== "online" || status_text);
      say("room_joined", { ...stands, recovered, online, online_count, states }, top);
    } catch (error) {
      say("error", problemIn(error), top);
    }
  }

  #refuse(code: string, top: object): void {
    const retryable = code === "unavailable";
    this.#outside.say("error", { code, message: "The room cannot be heard.", retryable }, top);
  }

  #leave(room_id: string, top: object): void {
    this.#cursors.leave(room_id);
    if (this.#shown === room_id) this.#shown = null;
    this.#outside.say("room_left", { room_id, reason: "client" }, top);
  }

  /** Say what may have fallen between two polls. */
  async #mend(before: Greeting, now: Greeting): Promise<void> {
    const { call, say } = this.#outside;
    for (const { type, room_id, data } of now.newsSince(before, (id) => this.#cursors.has(id))) {
      say(type, data, { room_id });
    }
    await Promise.all(now.enteredSince(before).map((id) => this.#enter(id)));
    const room_id = this.#shown;
    if (room_id === null) return;
    const people = await peopleIn(call, room_id);
    if (people.online_count !== null) say("presence", people, { room_id });
  }

  async #enter(roomId: string): Promise<void> {
    try {
      const {
        id: room_id,
        kind,
        title,
        topic,
        role,
      } = await new RoomsApi(this.#outside.call).get(roomId);
      this.#outside.say("room_added", { room_id, kind, title, topic, role });
    } catch (error) {
      problemIn(error); // The next list of rooms has it.
    }
  }
}
