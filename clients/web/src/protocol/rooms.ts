/**
 * The rooms whose live events we want, over any number of connections.
 *
 *     unwanted --follow, attach--> asking --resumed, room_joined--> live
 *        ^                         ^    |                             |
 *        |                         |    |-- refused for now: later    |
 *        |                         |---------- connection lost -------|
 *        |______ refused for good, left, or the server took us out ___|
 *
 * A room keeps its cursor, so coming back replays only what was missed: by `auth.resume` after a
 * lost connection, by `resume` or `join_room` otherwise. What the server cannot replay is said as
 * `reload`.
 */

import type { Cursor, Recovery, RoomEvent, RoomJoined, RoomPosition } from "#protocol/frames.ts";
import type { Answer } from "#protocol/inflight.ts";
import { LiveRoom, type Wire } from "#protocol/liveroom.ts";
import type { Code } from "#wire/problem.ts";

/** As many cursors as one frame takes. */
const MOST_CURSORS = 200;
/** After these the connection is attached all the same, and live from the head. */
const GAP_REASONS = new Set(["too_many", "retention", "epoch"]);
/** What is refused so is not asked for again; every other refusal may pass. */
const FINAL = new Set<Code>(["not_found", "not_member", "forbidden", "invalid", "gap"]);

export class LiveRooms {
  readonly #rooms = new Map<string, LiveRoom>();
  readonly #wire: Wire;
  #positions: ReadonlyMap<string, RoomPosition> = new Map();

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** Hear these rooms from now on, as many as the server lets; one place is kept for a page. */
  follow(roomIds: readonly string[]): void {
    let left = this.#wire.mostRooms - 1 - this.#wanted().length;
    for (const id of roomIds) {
      const room = this.#room(id);
      if (room.isFollowed || (!room.isWanted && left <= 0)) continue;
      if (!room.isWanted) left -= 1;
      room.isFollowed = true;
      this.#place(room);
    }
    this.repair();
  }

  attach(roomId: string): void {
    const room = this.#room(roomId);
    room.isShown = true;
    this.#place(room);
    this.#repairRoom(room);
  }

  /** No page shows the room any more. */
  detach(roomId: string): void {
    const room = this.#wantedRoom(roomId);
    if (!room) return;
    room.isShown = false;
    room.isGreeted = false;
    if (room.isFollowed) return;
    room.leave();
    if (this.#wire.isReady) this.#wire.request("leave_room", { room_id: roomId }, () => {});
  }

  isWanted(roomId: string): boolean {
    return this.#wantedRoom(roomId) !== null;
  }

  /** Whether the server lets the person type there, as far as it has said. */
  mayType(roomId: string): boolean {
    return this.#rooms.get(roomId)?.isMember ?? false;
  }

  /** The last seq applied of a room, 0 when none was. */
  lastOf(roomId: string): number {
    return this.#rooms.get(roomId)?.stream.last ?? 0;
  }

  /** Where each wanted room stands, for `auth.resume`; what is named there counts as asked for. */
  resume(): Cursor[] {
    return this.#cursorsOf(this.#wanted());
  }

  /** Take the snapshot of `ready`: rooms of which nothing is held begin there. */
  start(positions: readonly RoomPosition[]): void {
    this.#positions = new Map(positions.map((position) => [position.room_id, position]));
    for (const room of this.#wanted()) this.#place(room);
    this.repair();
  }

  /** Ask for what is missing anywhere. */
  repair(): void {
    const resuming: LiveRoom[] = [];
    for (const room of this.#wanted()) {
      if (room.need === "resume") resuming.push(room);
      else this.#repairRoom(room);
    }
    if (this.#wire.isReady && resuming.length > 0) this.#resume(resuming);
  }

  /** `resumed` did not come in time: ask again. */
  giveUpResume(): void {
    for (const room of this.#wanted()) if (!room.isLive) room.isAsking = false;
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
    this.#apply(room, room.stream.take(event));
    this.#repairRoom(room);
  }

  onGap(roomId: string, toSeq: number, reason: string): void {
    const room = this.#wantedRoom(roomId);
    if (!room) return;
    if (reason === "epoch") room.stream.restart(null, toSeq);
    this.#reload(room, room.stream.skipTo(toSeq));
  }

  /** The server took us out of the room: removed, banned, or the room is gone. */
  onLeft(roomId: string, reason: string): void {
    const room = this.#wantedRoom(roomId);
    if (!room) return;
    room.leave();
    this.#wire.tell({ type: "detached", room_id: roomId, reason });
  }

  /** The connection is gone; every wanted room has to be asked for again. */
  onClosed(): void {
    for (const room of this.#wanted()) room.cut();
  }

  #repairRoom(room: LiveRoom): void {
    if (room.stream.isOverfull) this.#reload(room, room.stream.skipHole());
    const { need } = room;
    if (need === null || !this.#wire.isReady) return;
    if (need === "sync") this.#sync(room);
    else if (need === "join") this.#join(room);
    else this.#resume([room]);
  }

  /** Ask for many rooms at once. The answer itself is for `onResumed`. */
  #resume(rooms: readonly LiveRoom[]): void {
    const cursors = this.#cursorsOf(rooms);
    this.#wire.request("resume", { rooms: cursors }, (answer) => {
      if (answer.ok) return;
      for (const room of rooms) if (!room.isLive) room.isAsking = false;
      this.#repairLater(answer);
    });
  }

  /** Who is live already goes on from where they are. */
  #join(room: LiveRoom): void {
    const { seq: after_seq, epoch } = room.cursor ?? {};
    const isBehind = !room.isLive && after_seq !== undefined && epoch !== undefined;
    const data = { room_id: room.id, ...(isBehind ? { after_seq, epoch } : {}) };
    room.isAsking = true;
    this.#wire.request("join_room", data, (answer) => {
      room.isAsking = false;
      if (!room.isWanted) return;
      if (answer.ok && answer.reply.type === "room_joined") this.#onJoined(room, answer.reply);
      else if (isFinal(answer)) this.onLeft(room.id, answer.problem.code);
      else this.#repairLater(answer);
    });
  }

  #onJoined(room: LiveRoom, joined: RoomJoined): void {
    const { stream } = room;
    const isOther = stream.epoch !== null && stream.epoch !== joined.epoch;
    if (stream.last === null || isOther) this.#begin(room, joined, isOther);
    stream.epoch = joined.epoch;
    stream.head = Math.max(stream.head, joined.head_seq);
    room.isLive = true;
    room.isGreeted = room.isShown;
    room.isMember = joined.role !== null;
    this.#wire.repaired();
    this.#wire.tell({ type: "joined", joined });
    this.#repairRoom(room);
  }

  #onRecovery(room: LiveRoom, { recovered, reason, to }: Recovery): void {
    room.isAsking = false;
    if (reason === "not_found") return this.onLeft(room.id, reason);
    // Not now: the server could not look after this room, and is to be asked again.
    if (!recovered && !GAP_REASONS.has(reason ?? "")) return this.#wire.repairLater(null);
    // Where the epoch changed, only joining tells the name of the new one.
    room.isLive = room.stream.epoch !== null;
    room.stream.head = Math.max(room.stream.head, to ?? 0);
    this.#wire.repaired();
    this.#repairRoom(room);
  }

  #sync(room: LiveRoom): void {
    const before = room.stream.last ?? 0;
    const data = { room_id: room.id, after_seq: before, limit: this.#wire.syncLimit };
    room.isAsking = true;
    this.#wire.request("sync", data, (answer) => {
      room.isAsking = false;
      if (!room.isWanted) return;
      if (answer.ok && answer.reply.type === "events") {
        for (const event of answer.reply.events) this.#apply(room, room.stream.take(event));
        room.stream.head = Math.max(room.stream.head, answer.reply.head_seq);
        if (room.stream.last !== before || !room.stream.isBehind) this.#repairRoom(room);
        else this.#reload(room, room.stream.skipHole());
      } else if (isFinal(answer)) this.#reload(room, room.stream.skipHole());
      else this.#repairLater(answer);
    });
  }

  /** Say that the history must be read again, then go on behind the hole. */
  #reload(room: LiveRoom, events: readonly RoomEvent[]): void {
    this.#wire.tell({ type: "reload", room_id: room.id, isGap: true });
    this.#apply(room, events);
  }

  #apply(room: LiveRoom, events: readonly RoomEvent[]): void {
    for (const event of events) {
      const { change } = event;
      // Who listened before coming in may do more now.
      if (change.type === "member_joined" && change.person.id === this.#wire.me) {
        room.isMember = true;
      }
      this.#wire.tell({ type: "event", event });
    }
  }

  #repairLater(answer: Answer): void {
    this.#wire.repairLater(answer.ok ? null : answer.problem.retry_after_ms);
  }

  #cursorsOf(rooms: readonly LiveRoom[]): Cursor[] {
    const cursors: Cursor[] = [];
    for (const room of rooms) {
      const { cursor } = room;
      if (cursor === null || cursors.length === MOST_CURSORS) continue;
      cursors.push(cursor);
      room.isAsking = true;
    }
    return cursors;
  }

  #room(id: string): LiveRoom {
    const known = this.#rooms.get(id);
    if (known) return known;
    const room = new LiveRoom(id);
    this.#rooms.set(id, room);
    return room;
  }

  /** Begin where `ready` said that the room stands, if nothing is held of it. */
  #place(room: LiveRoom): void {
    const position = this.#positions.get(room.id);
    if (position && room.stream.last === null) this.#begin(room, position, false);
  }

  /** Whatever history was read before this must be read again. */
  #begin(room: LiveRoom, at: Pick<RoomPosition, "epoch" | "head_seq">, isGap: boolean): void {
    room.stream.restart(at.epoch, at.head_seq);
    this.#wire.tell({ type: "reload", room_id: room.id, isGap });
  }

  #wanted(): LiveRoom[] {
    return [...this.#rooms.values()].filter((room) => room.isWanted);
  }

  #wantedRoom(id: string): LiveRoom | null {
    const room = this.#rooms.get(id);
    return room?.isWanted ? room : null;
  }
}

function isFinal(answer: Answer): answer is Extract<Answer, { ok: false }> {
  return !answer.ok && FINAL.has(answer.problem.code);
}
