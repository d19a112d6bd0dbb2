import { expect, test } from "vitest";
import { callAs } from "#api/call.ts";
import { Session } from "#api/session.ts";
import { PolledWay } from "#polls/polls.ts";
import { FakeServer, grant } from "../support/http.ts";

const SYNC = "POST /v1/sync";

/** A way of somebody who is logged in. */
function way(server: FakeServer): PolledWay {
  server.on("POST /v1/auth/refresh", 200, grant());
  const clock = { now: () => 0, setTimer: () => () => {} };
  const edges = { fetch: server.fetch, timeout: () => server.timeout(), ...clock };
  const session = new Session({ ...edges, withLock: (_, work) => work() });
  const call = callAs(session, edges);
  return new PolledWay({ ...clock, call, random: () => 0.5, isLookedAt: () => true });
}

test("the way is open where a poll is answered", async () => {
  const server = new FakeServer().on(SYNC, 200, { events: [], cursors: {}, more: false });

  expect(await way(server).check()).toEqual({ is: "open" });
  expect(server.asked.at(-1)?.body).toEqual({ cursors: {}, timeout_ms: 0 });
});

test.each([
  [503, "draining", 7_000],
  [429, "rate_limited", 300],
])("a server that says %i %s is busy for as long as it says", async (status, code, ms) => {
  const server = new FakeServer().refuse(SYNC, status, code, { retry_after_ms: ms });

  expect(await way(server).check()).toEqual({ is: "busy", retryAfterMs: ms });
});

test.each<[string, (server: FakeServer) => unknown]>([
  ["nobody answers", (server) => Object.assign(server, { isReachable: false })],
  ["the session has ended", (server) => server.refuse(SYNC, 401, "session_revoked")],
  ["the server is too old for polls", (server) => server.refuse(SYNC, 404, "not_found")],
  ["a proxy answers for the server", (server) => server.on(SYNC, 502, "<h1>Bad gateway</h1>")],
  ["a page to log in to the network comes", (server) => server.on(SYNC, 200, "<h1>Welcome</h1>")],
])("nothing is known of the way when %s", async (_, prepare) => {
  const server = new FakeServer();
  prepare(server);

  expect(await way(server).check()).toEqual({ is: "unknown" });
});
