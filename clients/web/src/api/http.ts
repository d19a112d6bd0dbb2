/** One HTTP exchange with the server: JSON in, JSON out, a `Refused` for every kind of "no". */

import { localProblem, type Problem, readProblem, withWait } from "#wire/problem.ts";
import { type Json, Malformed, object } from "#wire/read.ts";

export interface Request {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | null>>;
  readonly body?: object;
  /** A file in the place of JSON. */
  readonly file?: Blob;
  /** Makes a repeat of a creating request harmless. */
  readonly idempotencyKey?: string;
  /** The browser may keep the answer, as long as the server says. */
  readonly isKept?: boolean;
  /** Ends the request, in place of the usual patience. */
  readonly signal?: AbortSignal;
}

/** The server said no, or could not be asked (then `status` is 0). */
export class Refused extends Error {
  readonly problem: Problem;
  readonly status: number;
  /** All that the server said with it, for refusals that say how to go on. */
  readonly answer: Json;

  constructor(problem: Problem, status: number, answer: Json = {}) {
    super(problem.code);
    this.problem = problem;
    this.status = status;
    this.answer = answer;
  }
}

/** What an exchange touches. */
export interface HttpEdges {
  fetch(path: string, init: RequestInit): Promise<Response>;
  /** Return a signal that aborts after so many ms. */
  timeout(afterMs: number): AbortSignal;
}

const TIMEOUT_MS = 15_000;
const UNREACHABLE = "The server cannot be reached. Please look at your network and try again.";
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
  return bodyOf(await reachWell(edges, request, token));
}

/** Send one request and return the file that it is answered with.  Raises: Refused. */
export async function fetchFile(
  edges: HttpEdges,
  request: Request,
  token: string | null,
): Promise<Blob> {
  return (await reachWell(edges, request, token)).blob();
}

/** What went wrong, in the shape that people are shown.  Raises what is nobody's "no". */
export function problemIn(error: unknown): Problem {
  if (error instanceof Refused) return error.problem;
  if (error instanceof Malformed) return localProblem("malformed", UNREADABLE);
  throw error;
}

async function reachWell(
  edges: HttpEdges,
  request: Request,
  token: string | null,
): Promise<Response> {
  const response = await reach(edges, request, token);
  if (!response.ok) throw await refusalIn(response);
  return response;
}

async function reach(edges: HttpEdges, request: Request, token: string | null): Promise<Response> {
  try {
    return await edges.fetch(addressOf(request), {
      method: request.method,
      headers: headersOf(request, token),
      body: request.file ?? (request.body ? JSON.stringify(request.body) : null),
      credentials: "same-origin",
      cache: request.isKept ? "default" : "no-store",
      signal: request.signal ?? edges.timeout(TIMEOUT_MS),
    });
  } catch {
    throw new Refused(localProblem("unreachable", UNREACHABLE), 0);
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
  if (request.file) headers["content-type"] = request.file.type;
  if (token !== null) headers.authorization = `Bearer ${token}`;
  if (request.idempotencyKey) headers["idempotency-key"] = request.idempotencyKey;
  return headers;
}

/** An answer may be empty where there is nothing to say. */
async function bodyOf(response: Response): Promise<Json> {
  try {
    const text = await response.text();
    return text === "" ? {} : object(JSON.parse(text));
  } catch {
    throw new Malformed("not JSON");
  }
}

/** A proxy in between may refuse in its own words. */
async function refusalIn(response: Response): Promise<Refused> {
  try {
    const answer = object(await response.json());
    return new Refused(withWait(readProblem(answer)), response.status, answer);
  } catch {
    const isTheirs = response.status >= 500;
    const words = isTheirs ? "The server has a problem." : "The server refused.";
    const problem = localProblem(isTheirs ? "unavailable" : "refused", words);
    return new Refused({ ...problem, retryable: isTheirs }, response.status);
  }
}
