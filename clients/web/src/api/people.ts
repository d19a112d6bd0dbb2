/** The people of this server. */

import type { Call } from "#api/call.ts";
import { type Page, readPage } from "#api/pages.ts";
import { type Person, readPerson } from "#wire/shapes.ts";

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
}
