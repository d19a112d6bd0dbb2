/** Requests as the person of a session. */

import { exchange, type HttpEdges, Refused, type Request } from "#api/http.ts";
import type { Session } from "#api/session.ts";
import { localProblem } from "#wire/problem.ts";
import type { Json } from "#wire/read.ts";

/** Send a request and read its answer.  Raises: Refused, Malformed. */
export type Call = <T>(request: Request, read: (answer: Json) => T) => Promise<T>;

/** Requests are sent once, and once more if the token had expired. */
export function callAs(session: Session, edges: HttpEdges): Call {
  return async (request, read) => {
    try {
      return read(await exchange(edges, request, await tokenOf(session, false)));
    } catch (error) {
      if (!(error instanceof Refused) || error.problem.code !== "token_expired") throw error;
      return read(await exchange(edges, request, await tokenOf(session, true)));
    }
  };
}

async function tokenOf(session: Session, isFresh: boolean): Promise<string> {
  const grant = await session.token(isFresh);
  if (!grant) throw new Refused(localProblem("unauthenticated", "Please log in again."), 401);
  return grant.token;
}
