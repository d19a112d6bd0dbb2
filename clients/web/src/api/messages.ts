/** The history of rooms, and what of it is unread. */

import type { Call } from "#api/call.ts";
import { type Page, readPage } from "#api/pages.ts";
import type * as Http from "#wire/generated/http.ts";
import { count, countOr, type Json, part, partOr, text, textOr } from "#wire/read.ts";
import {
  type LastMessage,
  type Message,
  type Room,
  readLast,
  readListedRoom,
  readMessage,
} from "#wire/shapes.ts";

/** A room of the person, and how it stands. */
export interface MyRoom {
  readonly room: Room;
  readonly room_id: string;
  readonly unread: number;
  readonly mentions: number;
  readonly read_seq: number;
  readonly head_seq: number;
  readonly last: LastMessage | null;
  readonly last_at: string | null;
}

/** Messages to a page: as many as the server gives, since only those in sight are drawn. */
export const PAGE = 100;

/** Where a page of history lies: one of the three; in a room of many events seqs are far apart. */
export type PagePlace =
  | { readonly before_seq: number }
  | { readonly after_seq: number }
  | { readonly around: number };

export class MessagesApi {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /** Return the newest page of a room, or the one at a place: oldest first. */
  history(roomId: string, place: PagePlace | null): Promise<Page<Message>> {
    const path = `/v1/rooms/${roomId}/messages`;
    const query = { limit: PAGE, ...place };
    return this.#call({ method: "GET", path, query }, readPage(readHistoryItem));
  }

  /** Return one message of any room.  Raises: Refused, if the reader may not see it. */
  one(messageId: string): Promise<Message> {
    const request = { method: "GET", path: `/v1/messages/${messageId}` } as const;
    return this.#call(request, (answer: Json<Http.OneMessage>) =>
      readHistoryItem(part(answer, "message")),
    );
  }

  /** Return a page of the person's rooms, the most recently active first. */
  rooms(cursor: string | null): Promise<Page<MyRoom>> {
    const query = { limit: PAGE, cursor };
    return this.#call({ method: "GET", path: "/v1/me/rooms", query }, readPage(readMyRoom));
  }
}

function readHistoryItem(item: Json<Http.MessageItem>): Message {
  return readMessage(item, count(item, "seq"));
}

function readMyRoom(item: Json<Http.RoomItem>): MyRoom {
  const last = partOr(item, "last_message");
  return {
    room: readListedRoom(item),
    last: last && readLast(last),
    last_at: textOr(item, "last_at", null),
    room_id: text(item, "room_id"),
    unread: count(item, "unread"),
    mentions: countOr(item, "mentions", 0),
    read_seq: countOr(item, "read_seq", 0),
    head_seq: countOr(item, "head_seq", 0),
  };
}
