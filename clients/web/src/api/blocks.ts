/** People whom the reader does not want to hear. */

import type { Call } from "#api/call.ts";
import { allPages } from "#api/pages.ts";
import type { BlockShown } from "#wire/generated/http.ts";
import { type Json, part, text } from "#wire/read.ts";
import { type Person, readPerson } from "#wire/shapes.ts";

export interface Blocked {
  readonly person: Person;
  readonly since: string;
}

/** Return whom the reader has blocked.  Raises: Refused. */
export function blockedBy(call: Call): Promise<readonly Blocked[]> {
  return allPages(call, "/v1/blocks", {}, readBlocked);
}

/** Block somebody, or take it back.  Raises: Refused. */
export async function setBlocked(call: Call, id: string, isBlocked: boolean): Promise<void> {
  const method = isBlocked ? "PUT" : "DELETE";
  await call({ method, path: `/v1/blocks/${id}` }, () => null);
}

function readBlocked(from: Json<BlockShown>): Blocked {
  return { person: readPerson(part(from, "person")), since: text(from, "since") };
}
