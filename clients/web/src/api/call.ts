/** Requests, as the person of a session or as nobody. */

import { exchange, fetchFile, type HttpEdges, Refused, type Request } from "#api/http.ts";
import type { Tokens } from "#api/session.ts";
import { localProblem } from "#wire/problem.ts";
import { type Json, texts } from "#wire/read.ts";

/** Send a request and read its answer.  Raises: Refused, Malformed. */
export type Call = <T>(request: Request, read: (answer: Json) => T) => Promise<T>;

/** Send a request that is answered with a file.  Raises: Refused. */
export type FileCall = (request: Request) => Promise<Blob>;

/** Requests are sent once, and once more if the token had expired. */
export function callAs(tokens: Tokens, edges: HttpEdges): Call {
  return async (request, read) =>
    read(await withToken(tokens, (token) => exchange(edges, request, token)));
}

export function fileCallAs(tokens: Tokens, edges: HttpEdges): FileCall {
  return (request) => withToken(tokens, (token) => fetchFile(edges, request, token));
}

/** Requests of somebody who need not be logged in. */
export function callAsNobody(edges: HttpEdges): Call {
  return async (request, read) => read(await exchange(edges, request, null));
}

/**
 * What is grave is done only for those who proved a short while ago who they are. Where the server
 * asks for that, `prove` asks the person, who may do it by one of these ways; after that the request
 * is sent once more.
 */
export function callProven(
  call: Call,
  prove: (methods: readonly string[]) => Promise<boolean>,
): Call {
  return async (request, read) => {
    try {
      return await call(request, read);
    } catch (error) {
      if (!isStepUp(error) || !(await prove(texts(error.answer, "methods")))) throw error;
      return call(request, read);
    }
  };
}

/** The server wants to be shown who it is, and was not. */
export function isStepUp(error: unknown): error is Refused {
  return error instanceof Refused && error.problem.code === "step_up_required";
}

async function withToken<T>(tokens: Tokens, work: (token: string) => Promise<T>): Promise<T> {
  try {
    return await work(await tokenOf(tokens, false));
  } catch (error) {
    if (!(error instanceof Refused) || error.problem.code !== "token_expired") throw error;
    return work(await tokenOf(tokens, true));
  }
}

async function tokenOf(tokens: Tokens, isFresh: boolean): Promise<string> {
  const grant = await tokens.token(isFresh);
  if (!grant) throw new Refused(localProblem("unauthenticated", "Please log in again."), 401);
  return grant.token;
}
