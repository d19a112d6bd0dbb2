/**
 * How the pages open without a server: what the service worker answers with.
 *
 * | asked for | answer |
 * |---|---|
 * | a page | the server's, if it comes in time and is no failure; otherwise the kept `index.html` |
 * | a file of this build | the kept one: under this name in this build it never changes |
 * | anything else, `/v1` above all | not ours: the browser asks as if there were no worker |
 *
 * A build is kept as a whole when its worker is installed and replaced as a whole by the next one,
 * so a kept page never asks for a file that is not there. A page that comes from the server is the
 * newest in any case.
 */

/** The parts of a `Request` that are looked at. */
export interface Asked {
  readonly method: string;
  readonly mode: string;
  readonly url: string;
}

export interface Build {
  /** Another one for every other content. */
  readonly version: string;
  /** The paths of its files, `/` for the page itself. */
  readonly files: readonly string[];
}

export type Plan = "page" | "file" | "leave";

/** What an answer touches. */
export interface Edges {
  fromServer(): Promise<Response>;
  kept(path: string): Promise<Response | undefined>;
  setTimer(ring: () => void, afterMs: number): () => void;
}

export const PAGE = "/";
/** What is never a page, whoever asks: the server's own paths. */
const SERVERS = /^\/(v1|healthz|readyz|metrics|openapi(\.json)?)(\/|$)/;
/** A person waits for it, before a page that would work already. */
const PATIENCE_MS = 3_000;
const CACHE = "hubbub-";

export function planFor({ method, mode, url }: Asked, origin: string, build: Build): Plan {
  const asked = new URL(url);
  if (method !== "GET" || asked.origin !== origin || SERVERS.test(asked.pathname)) return "leave";
  if (mode === "navigate") return "page";
  return asked.pathname !== PAGE && build.files.includes(asked.pathname) ? "file" : "leave";
}

/** Return the page: the server's if there is one, otherwise the one that is kept. */
export async function pageFrom(edges: Edges): Promise<Response> {
  try {
    const answer = await inTime(edges);
    // A proxy answers so while there is no server behind it.
    if (answer.status < 500) return answer;
  } catch {
    // Neither a network nor a server: that is what the kept page is for.
  }
  return (await edges.kept(PAGE)) ?? Response.error();
}

export async function fileFrom(path: string, edges: Edges): Promise<Response> {
  return (await edges.kept(path)) ?? edges.fromServer();
}

export function cacheOf({ version }: Build): string {
  return `${CACHE}${version}`;
}

/** Which caches another build has left behind. */
export function outdated(names: readonly string[], build: Build): string[] {
  return names.filter((name) => name.startsWith(CACHE) && name !== cacheOf(build));
}

function inTime(edges: Edges): Promise<Response> {
  return new Promise((resolve, reject) => {
    const callOff = edges.setTimer(() => reject(new Error("too slow")), PATIENCE_MS);
    edges.fromServer().then(resolve, reject).finally(callOff);
  });
}
