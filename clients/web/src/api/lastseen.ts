/** Who may know when the reader was last here. */

import type { Call } from "#api/call.ts";
import type * as Http from "#wire/generated/http.ts";
import { type Json, word } from "#wire/read.ts";

const TO = ["everybody", "nobody"] as const satisfies readonly Http.LastSeenTo[];
export type LastSeenTo = (typeof TO)[number];

const PATH = "/v1/presence/privacy";

export class LastSeenApi {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  get(): Promise<LastSeenTo> {
    return this.#call({ method: "GET", path: PATH }, readPrivacy);
  }

  async show(to: LastSeenTo): Promise<void> {
    const body: Http.Privacy = { last_seen: to };
    await this.#call({ method: "PUT", path: PATH, body }, () => null);
  }
}

/** What is not understood is not said to be hidden. */
function readPrivacy(from: Json<Http.Privacy>): LastSeenTo {
  return word(from, "last_seen", TO, "everybody");
}
