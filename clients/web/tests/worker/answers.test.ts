import { describe, expect, test } from "vitest";
import { type Build, cacheOf, fileFrom, outdated, pageFrom, planFor } from "#worker/answers.ts";

const HERE = "https://chat.example";
const BUILD: Build = { version: "v2", files: ["/", "/assets/index-a1.js", "/favicon.svg"] };
const KEPT = new Response("kept");

function asked(path: string, other: object = {}) {
  const url = new URL(path, HERE).href;
  return planFor({ method: "GET", mode: "cors", url, ...other }, HERE, BUILD);
}

/** A server that answers so, and a kept page. */
function edges(fromServer: () => Promise<Response>, kept: Response | undefined = KEPT) {
  const timers: (() => void)[] = [];
  return {
    fromServer,
    kept: async () => kept,
    setTimer(ring: () => void) {
      timers.push(ring);
      return () => {};
    },
    timers,
  };
}

describe("the worker answers", () => {
  test.each(["/", "/rooms/1", "/login", "/setup"])("%s with a page", (path) => {
    expect(asked(path, { mode: "navigate" })).toBe("page");
  });

  test.each(["/assets/index-a1.js", "/favicon.svg"])("%s with its file", (path) => {
    expect(asked(path)).toBe("file");
  });

  test.each([
    "/v1/rooms",
    "/v1/ws",
    "/healthz",
    "/readyz",
    "/metrics",
    "/openapi.json",
    "/openapi/auth.json",
  ])("%s never, not even when it is opened as a page", (path) => {
    expect(asked(path)).toBe("leave");
    expect(asked(path, { mode: "navigate" })).toBe("leave");
  });

  test.each(["/assets/index-OLD.js", "/sw.js", "/"])("%s not, unless it is opened", (path) => {
    expect(asked(path)).toBe("leave");
  });

  test("nothing that changes something, and nobody else's addresses", () => {
    expect(asked("/", { method: "POST", mode: "navigate" })).toBe("leave");
    expect(asked("https://elsewhere.example/favicon.svg")).toBe("leave");
  });

  test("paths that only begin like the server's own as pages", () => {
    expect(asked("/v10", { mode: "navigate" })).toBe("page");
  });
});

describe("a page", () => {
  test("is the server's while there is one, also when it says no", async () => {
    const fresh = new Response("fresh");
    const refused = new Response("", { status: 404 });

    expect(await pageFrom(edges(async () => fresh))).toBe(fresh);
    expect(await pageFrom(edges(async () => refused))).toBe(refused);
  });

  test("is the kept one without a network, and behind a proxy without a server", async () => {
    const cut = edges(() => Promise.reject(new TypeError("Failed to fetch")));
    const alone = edges(async () => new Response("", { status: 502 }));

    expect(await pageFrom(cut)).toBe(KEPT);
    expect(await pageFrom(alone)).toBe(KEPT);
  });

  test("is the kept one when the server takes too long", async () => {
    const slow = edges(() => new Promise(() => {}));

    const page = pageFrom(slow);
    for (const ring of slow.timers) ring();

    expect(await page).toBe(KEPT);
  });

  test("is an error of the network when there is nothing at all", async () => {
    const nothing = {
      ...edges(() => Promise.reject(new TypeError())),
      kept: async () => undefined,
    };

    expect((await pageFrom(nothing)).type).toBe("error");
  });
});

test("a file is kept, or asked for where the browser has thrown it away", async () => {
  const fresh = new Response("fresh");
  const thrown = { ...edges(async () => fresh), kept: async () => undefined };

  expect(
    await fileFrom(
      "/favicon.svg",
      edges(async () => fresh),
    ),
  ).toBe(KEPT);
  expect(await fileFrom("/favicon.svg", thrown)).toBe(fresh);
});

test("a new build throws away what older ones kept, and nothing else", () => {
  const names = [cacheOf(BUILD), "hubbub-v1", "somebody-elses"];

  expect(outdated(names, BUILD)).toEqual(["hubbub-v1"]);
});
