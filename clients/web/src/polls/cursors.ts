/**
 * Which rooms are listened to, and how far they were heard: what each poll says, since the server
 * keeps nothing between two of them.
 */

import type { Answer, Told } from "#polls/answer.ts";
import type { SyncAsked } from "#wire/generated/http.ts";
import { part, text, textOr } from "#wire/read.ts";

/** Heard up to and including `seq`; null: from now on. */
type Place = { readonly seq: number; readonly epoch: string } | null;

export class Cursors {
  readonly #places = new Map<string, Place>();

  /** As a poll says them. */
  get asked(): NonNullable<SyncAsked["cursors"]> {
    return Object.fromEntries(this.#places);
  }

  /** Where a room stands; null when that is not known yet, or it is not listened to. */
  at(roomId: string): Place {
    return this.#places.get(roomId) ?? null;
  }

  has(roomId: string): boolean {
    return this.#places.has(roomId);
  }

  listen(roomId: string, place: Place): void {
    this.#places.set(roomId, place);
  }

  leave(roomId: string): void {
    this.#places.delete(roomId);
  }

  /**
   * Go on from where the answer leads; return the rooms that are not to be heard any more. A room that
   * the server could not look after this time keeps its place, and is asked for again.
   */
  take({ told }: Answer): string[] {
    const lost: string[] = [];
    for (const [roomId, now] of told) {
      if (!this.#places.has(roomId)) continue;
      if ("seq" in now) this.#places.set(roomId, now);
      else if (now.reason !== "unavailable") lost.push(roomId);
    }
    for (const roomId of lost) this.#places.delete(roomId);
    return lost;
  }
}

/** Why the events of a room in this answer do not follow those before; null when they do. */
export function gapIn({ events }: Answer, roomId: string): string | null {
  const gap = events.find(
    (frame) => text(frame, "type") === "gap" && textOr(frame, "room_id", null) === roomId,
  );
  return gap ? text(part(gap, "data"), "reason") : null;
}

/** How it went with a room that was to be resumed from `from`, as `resumed` says it. */
export function recoveryOf(answer: Answer, roomId: string, from: number): object {
  const told: Told = answer.told.get(roomId) ?? { reason: "unavailable" };
  if (!("seq" in told)) return { room_id: roomId, recovered: false, reason: told.reason };
  const reason = gapIn(answer, roomId);
  if (reason !== null) return { room_id: roomId, recovered: false, reason };
  return { room_id: roomId, recovered: true, from, to: told.seq };
}
