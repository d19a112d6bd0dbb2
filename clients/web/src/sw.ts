/** The service worker, as the browser runs it: every effect of `worker/answers.ts`. */

import {
  type Build,
  cacheOf,
  type Edges,
  fileFrom,
  outdated,
  pageFrom,
  planFor,
} from "#worker/answers.ts";

/** An event that is not over before its work is done. */
interface LongEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchEvent extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Scope {
  /** Written in front of this file when it is built. */
  readonly BUILD: Build;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", hear: (event: LongEvent) => void): void;
  addEventListener(type: "fetch", hear: (event: FetchEvent) => void): void;
}

const scope = globalThis as unknown as Scope; // A worker's, of which TypeScript's DOM knows nothing.
const { BUILD } = scope;

scope.addEventListener("install", (event) => event.waitUntil(install()));
scope.addEventListener("activate", (event) => event.waitUntil(activate()));
scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const plan = planFor(request, location.origin, BUILD);
  if (plan === "page") event.respondWith(pageFrom(edgesOf(request)));
  if (plan === "file") {
    event.respondWith(fileFrom(new URL(request.url).pathname, edgesOf(request)));
  }
});

async function install(): Promise<void> {
  const cache = await caches.open(cacheOf(BUILD));
  await cache.addAll(BUILD.files.map((path) => new Request(path, { cache: "no-cache" })));
  await scope.skipWaiting();
}

async function activate(): Promise<void> {
  const names = outdated(await caches.keys(), BUILD);
  await Promise.all(names.map((name) => caches.delete(name)));
  await scope.clients.claim();
}

function edgesOf(request: Request): Edges {
  return {
    fromServer: () => fetch(request),
    kept: async (path) => (await caches.open(cacheOf(BUILD))).match(path),
    setTimer(ring, afterMs) {
      const timer = setTimeout(ring, afterMs);
      return () => clearTimeout(timer);
    },
  };
}
