/**
 * The rooms whose live events we want, over any number of connections.
 *
 *     away --attach--> joining --room_joined--> live
 *      ^                  ^ \--refused--> away      |
 *      |                  |--- connection lost -----|
 *      |______ detach, or the server took us out ___|
 *
 * A room that was live once keeps its cursor, so coming back replays only what was missed: by
 * `auth.resume` after a lost connection, by `join_room` with `after_seq` after an absence. What the
 * server cannot replay is said as `reload`.
 */

import type { Commands, Cursor, Recovery, RoomEvent, RoomJoined } from "#protocol/frames.ts";
import type { Answer, OnAnswer } from "#protocol/inflight.ts";
import type { Notice } from "#protocol/notices.ts";
import { Stream } from "#protocol/stream.ts";

/** What a room needs of the connection. */
export interface Wire {
  request<T extends keyof Commands>(type: T, data: Commands[T], onAnswer: OnAnswer): void;
  tell(notice: Notice): void;
  /** Ask for a call of `repair` in a while. */
  repairLater(afterMs: number): void;
  readonly isReady: boolean;
  readonly syncLimit: number;
}

interface LiveRoom {
  readonly id: string;
  readonly stream: Stream;
  state: "away" | "joining" | "live";
  /** A join, a resume or a sync of this room is under way. */
  isAsking: boolean;
}

/** As many cursors as `auth` takes. */
const MOST_CURSORS = 200;
const USUAL_RETRY_MS = 2_000;
/** After these the connection is attached all the same, and live from the head. */
const GAP_REASONS = new Set(["too_many", "retention", "epoch"]);

export class LiveRooms {
  readonly #rooms = new Map<string, LiveRoom>();
  readonly #wire: Wire;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  attach(roomId: string): void {
    const room = this.#rooms.get(roomId) ?? this.#add(roomId);
    if (room.state !== "away") return;
    room.state = "joining";
    if (this.#wire.isReady) this.#join(room);
  }

  /** Stop hearing the room. Its cursor is kept for the way back. */
  detach(roomId: string): void {
    const room = this.#wantedRoom(roomId);
    if (!room) return;
    leave(room);
    if (this.#wire.isReady) this.#wire.request("leave_room", { room_id: roomId }, () => {});
  }

  isAttached(roomId: string): boolean {
    return this.#wantedRoom(roomId) !== null;
  }

  /** The last seq applied of a room, 0 when none was. */
  lastOf(roomId: string): number {
    return this.#rooms.get(roomId)?.stream.last ?? 0;
  }

  /** Where each wanted room stands, for `auth.resume`; what is named there counts as asked for. */
  resume(): Cursor[] {
    const cursors: Cursor[] = [];
    for (const room of this.#wanted()) {
      const { last, epoch } = room.stream;
      if (last === null || epoch === null || cursors.length === MOST_CURSORS) continue;
      cursors.push({ room_id: room.id, seq: last, epoch });
      room.isAsking = true;
    }
    return cursors;
  }

  /** Ask for what is missing anywhere, and join what is not joined. */
  repair(): void {
    for (const room of this.#wanted()) this.#repairRoom(room);
  }

  /** `resumed` did not come in time: join the rooms one by one. */
  giveUpResume(): void {
    for (const room of this.#wanted()) if (room.state === "joining") room.isAsking = false;
    this.repair();
  }

  onResumed(recoveries: readonly Recovery[]): void {
    for (const recovery of recoveries) {
      const room = this.#wantedRoom(recovery.room_id);
      if (room) this.#onRecovery(room, recovery);
    }
  }

  onEvent(event: RoomEvent): void {
    const room = this.#wantedRoom(event.room_id);
    if (!room) return;
    this.#apply(room.stream.take(event));
    this.#repairRoom(room);
  }

  onGap(roomId: string, toSeq: number, reason: string): void {
    const room = this.#wantedRoom(roomId);
    if (!room) return;
    if (reason === "epoch") room.stream.restart(null, toSeq);
    this.#reload(room, () => room.stream.skipTo(toSeq));
  }

  /** The server took us out of the room: removed, banned, or the room is gone. */
  onLeft(roomId: string, reason: string): void {
    const room = this.#wantedRoom(roomId);
    if (!room) return;
    leave(room);
    this.#wire.tell({ type: "detached", room_id: roomId, reason });
  }

  /** The connection is gone; every wanted room has to be joined or resumed again. */
  onClosed(): void {
    for (const room of this.#wanted()) {
      room.state = "joining";
      room.isAsking = false;
      room.stream.cut();
    }
  }

  #repairRoom(room: LiveRoom): void {
    if (room.stream.isOverfull) this.#reload(room, () => room.stream.skipHole());
    if (!this.#wire.isReady || room.isAsking) return;
    if (room.state === "joining") this.#join(room);
    else if (room.stream.isBehind) this.#sync(room);
  }

  #join(room: LiveRoom): void {
    const { last, epoch } = room.stream;
    const cursor = last === null || epoch === null ? {} : { after_seq: last, epoch };
    room.isAsking = true;
    this.#wire.request("join_room", { room_id: room.id, ...cursor }, (answer) => {
      room.isAsking = false;
      if (room.state === "away") return;
      if (answer.ok && answer.reply.type === "room_joined") this.#onJoined(room, answer.reply);
      else if (!this.#mayAskAgain(answer)) this.onLeft(room.id, codeOf(answer));
    });
  }

  #onJoined(room: LiveRoom, joined: RoomJoined): void {
    const { stream } = room;
    room.state = "live";
    this.#wire.tell({ type: "joined", joined });
    const isOther = stream.epoch !== null && stream.epoch !== joined.epoch;
    if (stream.last === null || isOther) {
      stream.restart(joined.epoch, joined.head_seq);
      this.#wire.tell({ type: "reload", room_id: room.id });
    }
    stream.epoch = joined.epoch;
    stream.head = Math.max(stream.head, joined.head_seq);
    this.#repairRoom(room);
  }

  #onRecovery(room: LiveRoom, recovery: Recovery): void {
    room.isAsking = false;
    if (!recovery.recovered && !GAP_REASONS.has(recovery.reason ?? "")) {
      this.onLeft(room.id, recovery.reason ?? "not_found");
      return;
    }
    // Where the epoch changed, only joining tells the name of the new one.
    if (room.stream.epoch !== null) room.state = "live";
    room.stream.head = Math.max(room.stream.head, recovery.to ?? 0);
    this.#repairRoom(room);
  }

  #sync(room: LiveRoom): void {
    const before = room.stream.last ?? 0;
    const data = { room_id: room.id, after_seq: before, limit: this.#wire.syncLimit };
    room.isAsking = true;
    this.#wire.request("sync", data, (answer) => {
      room.isAsking = false;
      if (room.state === "away") return;
      if (answer.ok && answer.reply.type === "events") {
        for (const event of answer.reply.events) this.#apply(room.stream.take(event));
        room.stream.head = Math.max(room.stream.head, answer.reply.head_seq);
        if (room.stream.last !== before || !room.stream.isBehind) this.#repairRoom(room);
        else this.#reload(room, () => room.stream.skipHole());
      } else if (!this.#mayAskAgain(answer)) {
        this.#reload(room, () => room.stream.skipHole());
      }
    });
  }

  /** Say that the history must be read again, then go on behind the hole. */
  #reload(room: LiveRoom, skip: () => RoomEvent[]): void {
    this.#wire.tell({ type: "reload", room_id: room.id });
    this.#apply(skip());
  }

  #apply(events: readonly RoomEvent[]): void {
    for (const event of events) this.#wire.tell({ type: "event", event });
  }

  /** Whether a refusal is only for now; then `repair` will come back to it. */
  #mayAskAgain(answer: Answer): boolean {
    if (answer.ok) return false;
    const { retryable, retry_after_ms } = answer.problem;
    if (!retryable && retry_after_ms === null) return false;
    this.#wire.repairLater(retry_after_ms ?? USUAL_RETRY_MS);
    return true;
  }

  #add(id: string): LiveRoom {
    const room: LiveRoom = { id, stream: new Stream(), state: "away", isAsking: false };
    this.#rooms.set(id, room);
    return room;
  }

  #wanted(): LiveRoom[] {
    return [...this.#rooms.values()].filter((room) => room.state !== "away");
  }

  #wantedRoom(id: string): LiveRoom | null {
    const room = this.#rooms.get(id);
    return room && room.state !== "away" ? room : null;
  }
}

function leave(room: LiveRoom): void {
  room.state = "away";
  room.isAsking = false;
  room.stream.cut();
}

function codeOf(answer: Answer): string {
  return answer.ok ? "" : answer.problem.code;
}
