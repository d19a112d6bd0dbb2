/** What a poll brings. */

import type {
  CursorShown,
  NotAttachedShown,
  ReadyShown,
  SyncAnswer,
} from "#wire/generated/http.ts";
import {
  count,
  flag,
  has,
  type Json,
  list,
  members,
  object,
  part,
  partOr,
  text,
} from "#wire/read.ts";

/** Where a room stands after a poll; or why it is not listened to. */
export type Told = { readonly seq: number; readonly epoch: string } | { readonly reason: string };

export interface Answer {
  /** The data of `hello` and `ready`, if they were asked for. */
  readonly hello: Json<unknown> | null;
  readonly ready: Json<ReadyShown> | null;
  /** Frames as a socket would have brought them, in order. */
  readonly events: readonly Json[];
  readonly told: ReadonlyMap<string, Told>;
  /** There is more already. */
  readonly isMore: boolean;
}

/** Read an answer.  Raises: Malformed. */
export function readAnswer(answer: Json<SyncAnswer>): Answer {
  const cursors = members(part(answer, "cursors"));
  return {
    hello: partOr(answer, "hello"),
    ready: partOr(answer, "ready"),
    events: list(answer, "events", object),
    told: new Map(cursors.map(([roomId, told]) => [roomId, readTold(object(told))])),
    isMore: flag(answer, "more"),
  };
}

function readTold(told: Json<CursorShown & Partial<NotAttachedShown>>): Told {
  if (has(told, "reason")) return { reason: text(told, "reason") };
  return { seq: count(told, "seq"), epoch: text(told, "epoch") };
}
