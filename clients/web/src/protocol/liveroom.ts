/**
 * One room whose live events we want, and what must be asked for next.
 *
 * | it is | and | we ask |
 * |---|---|---|
 * | not heard on this connection | has a cursor, and no page shows it | `resume`, many rooms at once |
 * | not heard on this connection | otherwise | `join_room`, from the cursor if there is one |
 * | heard | a page shows it that was not told who is there | `join_room` |
 * | heard | known to have more than we hold | `sync` |
 */

import type { Commands, Cursor } from "#protocol/frames.ts";
import type { OnAnswer } from "#protocol/inflight.ts";
import type { Notice } from "#protocol/notices.ts";
import { Stream } from "#protocol/stream.ts";

/** What a room needs of the connection. */
export interface Wire {
  request<T extends keyof Commands>(type: T, data: Commands[T], onAnswer: OnAnswer): void;
  tell(notice: Notice): void;
  /** Ask for a call of `repair` after so long, or in a while that grows with every refusal. */
  repairLater(afterMs: number | null): void;
  /** Something was repaired: the next refusal is a first one. */
  repaired(): void;
  readonly isReady: boolean;
  readonly syncLimit: number;
  /** How many rooms one connection may hear. */
  readonly mostRooms: number;
  /** Whose connection it is; null before it was ever ready. */
  readonly me: string | null;
}

export type Need = "resume" | "join" | "sync";

export class LiveRoom {
  readonly id: string;
  readonly stream = new Stream();
  /** The person is in it: it is heard whether or not a page shows it. */
  isFollowed = false;
  /** A page shows it. */
  isShown = false;
  /** This connection hears it. */
  isLive = false;
  /** The page that shows it was told who is there, on this connection. */
  isGreeted = false;
  /** The server knows on this connection that the person is a member. */
  isMember = false;
  /** A join, a resume or a sync of it is under way. */
  isAsking = false;

  constructor(id: string) {
    this.id = id;
  }

  get isWanted(): boolean {
    return this.isFollowed || this.isShown;
  }

  /** Where we stand in its log; null when that is not known, or was in another history. */
  get cursor(): Cursor | null {
    const { last, epoch } = this.stream;
    return last === null || epoch === null ? null : { room_id: this.id, seq: last, epoch };
  }

  /** What to ask for now; null when nothing is missing, or a question is under way. */
  get need(): Need | null {
    if (!this.isWanted || this.isAsking) return null;
    if (!this.isLive) return this.isShown || this.cursor === null ? "join" : "resume";
    if (this.isShown && !this.isGreeted) return "join";
    return this.stream.isBehind ? "sync" : null;
  }

  /** The connection is gone. */
  cut(): void {
    this.isLive = false;
    this.isGreeted = false;
    this.isMember = false;
    this.isAsking = false;
    this.stream.cut();
  }

  /** Want it no more. Its cursor is kept for the way back. */
  leave(): void {
    this.isFollowed = false;
    this.isShown = false;
    this.cut();
  }
}
