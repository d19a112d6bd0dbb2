/**
 * What may have been missed between two polls, when nobody listened, and has no seq to show it: rooms
 * that one came into or out of, counts of rooms that are not listened to, what was read elsewhere. Two
 * greetings are compared, and the difference is said in the frames that would have told it.
 */

import type { ReadyShown, StandingShown } from "#wire/generated/http.ts";
import { count, countOr, type Json, list, part, text } from "#wire/read.ts";

export interface Frame {
  readonly type: string;
  readonly room_id?: string;
  readonly data: object;
}

/** A greeting tells of so many rooms: one that is missing then may only be further down. */
const MOST_TOLD = 200;

interface Standing {
  readonly room_id: string;
  readonly head_seq: number;
  readonly read_seq: number;
  readonly unread: number;
  readonly mentions: number;
}

export class Greeting {
  readonly #me: string;
  readonly #rooms: ReadonlyMap<string, Standing>;

  constructor(ready: Json<ReadyShown>) {
    this.#me = text(part(ready, "person"), "id");
    const standings = list(ready, "rooms", readStanding);
    this.#rooms = new Map(standings.map((standing) => [standing.room_id, standing]));
  }

  /** How far the reader had read a room, 0 if that was not told. */
  readIn(roomId: string): number {
    return this.#rooms.get(roomId)?.read_seq ?? 0;
  }

  /** The rooms that the reader came into since another greeting. */
  enteredSince(before: Greeting): string[] {
    return [...this.#rooms.keys()].filter((id) => !before.#rooms.has(id));
  }

  /** What else is new since then, as frames; of rooms that are listened to their events tell more. */
  newsSince(before: Greeting, isHeard: (roomId: string) => boolean): Frame[] {
    const known = [...this.#rooms.values()].flatMap((now) => {
      const then = before.#rooms.get(now.room_id);
      return then ? this.#newsOf(now, then, isHeard(now.room_id)) : [];
    });
    return [...known, ...this.#left(before)];
  }

  #newsOf(now: Standing, then: Standing, isHeard: boolean): Frame[] {
    const { room_id, read_seq, ...head } = now;
    const news: Frame[] = [];
    if (read_seq > then.read_seq) {
      news.push({ type: "receipt", room_id, data: { person_id: this.#me, read_seq } });
    }
    const isSame = head.head_seq === then.head_seq && head.unread === then.unread;
    if (!isHeard && !isSame) news.push({ type: "room_head", room_id, data: head });
    return news;
  }

  #left(before: Greeting): Frame[] {
    if (this.#rooms.size >= MOST_TOLD) return [];
    const left = [...before.#rooms.keys()].filter((id) => !this.#rooms.has(id));
    return left.map((room_id) => ({ type: "room_removed", data: { room_id, reason: "left" } }));
  }
}

function readStanding(from: Json<StandingShown>): Standing {
  return {
    room_id: text(from, "room_id"),
    head_seq: count(from, "head_seq"),
    read_seq: countOr(from, "read_seq", 0),
    unread: countOr(from, "unread", 0),
    mentions: countOr(from, "mentions", 0),
  };
}
