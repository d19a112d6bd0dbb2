/**
 * How far the reader has read, told to the server no more often than it likes.
 *
 * Only the newest seq of a room matters and the server takes the higher one, so telling it twice is
 * harmless and a lost one is repaired by the next `ready`.
 */

import type { RoomPosition } from "#protocol/frames.ts";

/** The server takes 5 a second over all rooms. */
export const READ_INTERVAL_MS = 500;

export class Reads {
  readonly #read = new Map<string, number>();
  readonly #untold = new Set<string>();

  /** Note that the room was read up to `seq`; it never goes back. */
  note(roomId: string, seq: number): void {
    if (seq <= (this.#read.get(roomId) ?? 0)) return;
    this.#read.set(roomId, seq);
    this.#untold.add(roomId);
  }

  /** Note what was read before this connection, or elsewhere: told only if the server lacks it. */
  recall(roomId: string, seq: number): void {
    this.#read.set(roomId, Math.max(seq, this.#read.get(roomId) ?? 0));
  }

  /** Return one room whose position the server does not know, and count it as told. */
  take(): { room_id: string; seq: number } | null {
    const [roomId] = this.#untold;
    if (roomId === undefined) return null;
    this.#untold.delete(roomId);
    return { room_id: roomId, seq: this.#read.get(roomId) ?? 0 };
  }

  /** Compare with what the server knows after a reconnect: what was lost is told again. */
  compare(positions: readonly RoomPosition[]): void {
    for (const { room_id, read_seq } of positions) {
      if ((this.#read.get(room_id) ?? 0) > read_seq) this.#untold.add(room_id);
    }
  }
}
