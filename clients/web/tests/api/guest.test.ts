import { expect, test } from "vitest";
import { GuestSession, type Pocket, type Token } from "#api/guest.ts";
import { ENTER_LINE, guestIn, REFRESH_LINE } from "../support/guest.ts";
import { FakeServer } from "../support/http.ts";

/** One page of a browser in which several share what is kept. */
function pageOf(browser: { kept: Token | null }, server: FakeServer): GuestSession {
  const pocket: Pocket = {
    device: "a-device-of-one-browser",
    isOwn: true,
    get: () => browser.kept,
    put: (token) => {
      browser.kept = token;
    },
    clear: () => {
      browser.kept = null;
    },
  };
  const edges = {
    fetch: server.fetch,
    timeout: () => server.timeout(),
    now: () => 0,
    withLock: <T>(_: string, work: () => Promise<T>) => work(),
    pocket,
  };
  return new GuestSession(edges, "sunday");
}

async function robinIn(browser: { kept: Token | null }, server: FakeServer) {
  const page = pageOf(browser, server.on(ENTER_LINE, 201, guestIn()));
  await page.enter("Robin", "");
  return page;
}

test("a guest does not go on as somebody who came in by another tab", async () => {
  const [browser, server] = [{ kept: null }, new FakeServer()];
  const robin = await robinIn(browser, server);
  const other = { person: { kind: "guest", id: "guest-2", name: "Kim" } };
  server.on(ENTER_LINE, 201, { ...guestIn("k1"), ...other });
  await pageOf(browser, server).enter("Kim", "");

  expect(await robin.token(true)).toBeNull();
  robin.forget();

  expect(browser.kept).toEqual({ alias: "Kim", refreshToken: "k1" });
  expect(server.lines).not.toContain(REFRESH_LINE);
});

test("a guest whom another tab has forgotten is out", async () => {
  const [browser, server] = [{ kept: null }, new FakeServer()];
  const robin = await robinIn(browser, server);
  pageOf(browser, server).forget();

  expect(await robin.token(true)).toBeNull();
});
