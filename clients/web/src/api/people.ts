/** The people of this server. */

import type { Call } from "#api/call.ts";
import { type Page, readPage } from "#api/pages.ts";
import type { PeoplePresence, PersonPresence, UserShown } from "#wire/generated/http.ts";
import { type Json, list, text, textOr, word } from "#wire/read.ts";
import { type Person, readPerson } from "#wire/shapes.ts";

/** How somebody was seen when the server was asked; it may not know. */
export interface Seen {
  readonly person_id: string;
  readonly state: (typeof STATES)[number];
  readonly last_seen: string | null;
  readonly status_text: string | null;
}

/** Where the picture of somebody is; null if they have none. */
export interface Face {
  readonly id: string;
  readonly avatar: string | null;
}

const STATES = ["online", "away", "dnd", "offline", "unknown"] as const;

/** A search that finds more wants another word. */
const PAGE = 20;

export class PeopleApi {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /** Return the first people whose name holds `query`; an empty one finds all. */
  find(query: string): Promise<Page<Person>> {
    const search = { q: query === "" ? null : query, limit: PAGE };
    return this.#call({ method: "GET", path: "/v1/users", query: search }, readPage(readPerson));
  }

  /** Return which of these people have a picture, and where. */
  async faces(personIds: readonly string[]): Promise<readonly Face[]> {
    const query = personIds.map((id) => `ids=${encodeURIComponent(id)}`).join("&");
    const request = { method: "GET", path: `/v1/users?${query}` } as const;
    return (await this.#call(request, readPage(readFace))).items;
  }

  /** Return how these people are seen now. */
  presence(personIds: readonly string[]): Promise<readonly Seen[]> {
    const query = personIds.map((id) => `user_ids=${encodeURIComponent(id)}`).join("&");
    const request = { method: "GET", path: `/v1/presence?${query}` } as const;
    return this.#call(request, (answer: Json<PeoplePresence>) => list(answer, "items", readSeen));
  }
}

function readFace(from: Json<UserShown>): Face {
  return { id: text(from, "id"), avatar: textOr(from, "avatar", null) };
}

function readSeen(from: Json<PersonPresence>): Seen {
  return {
    person_id: text(from, "person_id"),
    state: word(from, "state", STATES, "unknown"),
    last_seen: textOr(from, "last_seen", null),
    status_text: textOr(from, "status_text", null),
  };
}
