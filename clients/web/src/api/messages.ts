/** The history of rooms, and what of it is unread. */

import type { Call } from "#api/call.ts";
import { type Page, readPage } from "#api/pages.ts";
import { count, countOr, type Json, list, text } from "#wire/read.ts";
import { type Message, readMessage } from "#wire/shapes.ts";

export interface Unread {
  readonly room_id: string;
  readonly unread: number;
  readonly mentions: number;
  readonly read_seq: number;
  readonly head_seq: number;
}

/** Messages to a page: a screen or three. */
const PAGE = 50;

export class MessagesApi {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /** Return the newest page of a room, or the one before a seq: oldest first. */
  history(roomId: string, beforeSeq: number | null): Promise<Page<Message>> {
    const path = `/v1/rooms/${roomId}/messages`;
    const query = { limit: PAGE, before_seq: beforeSeq };
    return this.#call({ method: "GET", path, query }, readPage(readHistoryItem));
  }

  /** Return how far every room of the person is read, the most recently active first. */
  unread(): Promise<Unread[]> {
    const request = { method: "GET", path: "/v1/me/unread" } as const;
    return this.#call(request, (answer) => list(answer, "items", readUnread));
  }
}

function readHistoryItem(item: Json): Message {
  return readMessage(item, count(item, "seq"));
}

function readUnread(item: Json): Unread {
  return {
    room_id: text(item, "room_id"),
    unread: count(item, "unread"),
    mentions: countOr(item, "mentions", 0),
    read_seq: countOr(item, "read_seq", 0),
    head_seq: countOr(item, "head_seq", 0),
  };
}
