/**
 * The commands of a polling client, as requests over HTTP. They take the same queue at the server as
 * those of a socket, and a message has the same id there: what was sent on one way is known on the
 * other.
 */

import type { Request } from "#api/http.ts";
import type { Commands, CommandType } from "#protocol/frames.ts";
import type * as Http from "#wire/generated/http.ts";
import { count, flag, has, type Json, list, part, text } from "#wire/read.ts";

/** A request, and what its answer is as the frame that a socket would bring. */
export interface Errand {
  readonly request: Request;
  read(answer: Json): { readonly type: string; readonly data: object };
}

/** Return how a command is done; null for those that are not a matter of one request. */
export function errandFor<T extends CommandType>(type: T, data: Commands[T]): Errand | null {
  const make = ERRANDS[type];
  return make ? make(data) : null;
}

/** Most that one page of a room's log has. */
const LARGEST_PAGE = 100;

const ERRANDS: { readonly [T in CommandType]?: (data: Commands[T]) => Errand } = {
  send_message: ({ room_id, client_msg_id, content, reply_to }) => {
    const body: Http.NewMessage = reply_to ? { content, reply_to } : { content };
    const path = `/v1/rooms/${room_id}/messages`;
    return {
      request: { method: "POST", path, body, idempotencyKey: client_msg_id },
      read: (answer: Json<Http.OneMessage>) => {
        const message = part(answer, "message");
        return ack({ message_id: text(message, "id"), seq: count(message, "seq") });
      },
    };
  },
  edit_message: ({ message_id, content, expected_rev }) => {
    const body: Http.NewContent = { content, expected_rev: expected_rev ?? null };
    return {
      request: { method: "PATCH", path: `/v1/messages/${message_id}`, body },
      read: (answer: Json<Http.OneMessage>) => ack({ rev: count(part(answer, "message"), "rev") }),
    };
  },
  delete_message: ({ message_id }) => ({
    request: { method: "DELETE", path: `/v1/messages/${message_id}` },
    read: () => ack({}),
  }),
  add_reaction: (data) => reacting("PUT", data),
  remove_reaction: (data) => reacting("DELETE", data),
  read: ({ room_id, seq }) => {
    const body: Http.ReadUpTo = { seq };
    return {
      request: { method: "PUT", path: `/v1/rooms/${room_id}/read`, body },
      read: (answer: Json<Http.ReadCursor>) => ack({ read_seq: count(answer, "read_seq") }),
    };
  },
  set_presence: ({ state, status_text }) => {
    const body: Http.Wish = { state, status_text: status_text ?? null };
    return { request: { method: "PUT", path: "/v1/presence", body }, read: () => ack({ state }) };
  },
  sync: ({ room_id, after_seq, limit }) => ({
    request: {
      method: "GET",
      path: `/v1/rooms/${room_id}/events`,
      query: { after_seq, limit: Math.min(limit, LARGEST_PAGE) },
    },
    read: (answer) => {
      const events = list(answer, "items", (frame) => frame);
      const head_seq = count(answer, "head_seq");
      return { type: "events", data: { events, head_seq, more: has(answer, "next_cursor") } };
    },
  }),
};

function reacting(method: "PUT" | "DELETE", data: Commands["add_reaction"]): Errand {
  const path = `/v1/messages/${data.message_id}/reactions/${encodeURIComponent(data.emoji)}`;
  return {
    request: { method, path },
    read: (answer: Json<Http.ReactionChanged>) => ack({ changed: flag(answer, "changed") }),
  };
}

function ack(data: object) {
  return { type: "ack", data };
}
