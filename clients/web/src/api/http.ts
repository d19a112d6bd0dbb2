/** One HTTP exchange with the server: JSON in, JSON out, a `Refused` for every kind of "no". */

import { localProblem, type Problem, readProblem } from "#wire/problem.ts";
import { type Json, Malformed, object } from "#wire/read.ts";

export interface Request {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | null>>;
  readonly body?: object;
  /** Makes a repeat of a creating request harmless. */
  readonly idempotencyKey?: string;
  /** Ends the request, in place of the usual patience. */
  readonly signal?: AbortSignal;
}

/** The server said no, or could not be asked (then `status` is 0). */
export class Refused extends Error {
  readonly problem: Problem;
  readonly status: number;

  constructor(problem: Problem, status: number) {
    super(problem.code);
    this.problem = problem;
    this.status = status;
  }
}

/** What an exchange touches. */
export interface HttpEdges {
  fetch(path: string, init: RequestInit): Promise<Response>;
  /** Return a signal that aborts after so many ms. */
  timeout(afterMs: number): AbortSignal;
}

const TIMEOUT_MS = 15_000;
const UNREADABLE = "The answer of the server could not be read.";

/**
 * Send one request, as somebody if a token is given; return the answer, empty for 204.
 *
 * Raises: Refused.
 */
export async function exchange(
  edges: HttpEdges,
  request: Request,
  token: string | null,
): Promise<Json> {
  const response = await reach(edges, request, token);
  if (!response.ok) throw new Refused(await problemOf(response), response.status);
  return response.status === 204 ? {} : bodyOf(response);
}

/** What went wrong, in the shape that people are shown.  Raises what is nobody's "no". */
export function problemIn(error: unknown): Problem {
  if (error instanceof Refused) return error.problem;
  if (error instanceof Malformed) return localProblem("malformed", UNREADABLE);
  throw error;
}

async function reach(edges: HttpEdges, request: Request, token: string | null): Promise<Response> {
  try {
    return await edges.fetch(addressOf(request), {
      method: request.method,
      headers: headersOf(request, token),
      body: request.body ? JSON.stringify(request.body) : null,
      credentials: "same-origin",
      cache: "no-store",
      signal: request.signal ?? edges.timeout(TIMEOUT_MS),
    });
  } catch {
    throw new Refused(localProblem("unreachable", "The server cannot be reached."), 0);
  }
}

function addressOf({ path, query = {} }: Request): string {
  const given = Object.entries(query).filter(([, value]) => value !== null);
  const search = new URLSearchParams(given.map(([key, value]) => [key, String(value)]));
  return given.length === 0 ? path : `${path}?${search}`;
}

function headersOf(request: Request, token: string | null): Record<string, string> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (request.body) headers["content-type"] = "application/json";
  if (token !== null) headers.authorization = `Bearer ${token}`;
  if (request.idempotencyKey) headers["idempotency-key"] = request.idempotencyKey;
  return headers;
}

async function bodyOf(response: Response): Promise<Json> {
  try {
    return object(await response.json());
  } catch {
    throw new Malformed("not JSON");
  }
}

/** A proxy in between may refuse in its own words. */
async function problemOf(response: Response): Promise<Problem> {
  try {
    return readProblem(object(await response.json()));
  } catch {
    const isTheirs = response.status >= 500;
    const words = isTheirs ? "The server has a problem." : "The server refused.";
    return { ...localProblem(isTheirs ? "unavailable" : "refused", words), retryable: isTheirs };
  }
}
