/** A page that opens on what was kept: with a server, without one, and when it comes back. */

import { describe, expect, test } from "vitest";
import { Browser, type Page, quiet } from "../support/browser.ts";
import { historyItem } from "../support/http.ts";
import { messageOf } from "../support/messages.ts";

const HISTORY = "GET /v1/rooms/A/messages";
/** What is seen is written so long after it changed. */
const KEPT_MS = 2_000;

/** A browser on which room A was looked at, with two messages in it, and then closed. */
async function visited(): Promise<Browser> {
  const browser = new Browser();
  browser.server.on(HISTORY, 200, {
    items: [historyItem(1), historyItem(2)],
    next_cursor: null,
  });
  const page = await browser.open();
  page.app.conversations.open("A");
  await quiet();
  await page.clock.pass(KEPT_MS);
  browser.kill(page);
  return browser;
}

async function opened(browser: Browser): Promise<Page> {
  const page = await browser.open();
  page.app.conversations.open("A");
  await quiet();
  return page;
}

function contentsOf(page: Page): string[] {
  const messages = page.state.conversations.A?.timeline.messages ?? [];
  return messages.map(({ content }) => content);
}

describe("without a server", () => {
  test("who was here last is in, with rooms and messages", async () => {
    const browser = await visited();
    browser.goOffline();

    const page = await opened(browser);

    expect(page.state.account).toMatchObject({ phase: "in", user: { id: "alice" } });
    expect(page.state.status.kind).toBe("reconnecting");
    expect(Object.keys(page.state.rooms)).toEqual(["A", "B"]);
    expect(contentsOf(page)).toEqual(["message 1", "message 2"]);
    expect(page.state.conversations.A).toMatchObject({
      isFromShelf: true,
      loading: { phase: "failed" },
      room: { title: "General" },
    });
  });

  test("who was never here sees that the server cannot be reached", async () => {
    const browser = new Browser();
    browser.goOffline();

    expect((await browser.open()).state.account).toEqual({ phase: "unreachable" });
  });

  test("a room that nobody has looked at has nothing to show", async () => {
    const browser = await visited();
    browser.goOffline();
    const page = await browser.open();

    page.app.conversations.open("B");
    await quiet();

    expect(page.state.conversations.B).toMatchObject({
      isFromShelf: false,
      loading: { phase: "failed" },
    });
  });

  test("what is written is sent when the server is there", async () => {
    const browser = await visited();
    browser.goOffline();
    const page = await opened(browser);
    page.write("Hello");
    await quiet();

    await browser.goOnline();

    expect(browser.hub.contents("A")).toEqual(["Hello"]);
    expect(page.state.status.kind).toBe("connected");
  });
});

describe("when the server is there", () => {
  test("what is kept is shown before it answers, and replaced as a whole", async () => {
    const browser = await visited();
    browser.server.refuse(HISTORY, 503, "unavailable");
    const page = await opened(browser);
    expect(contentsOf(page)).toEqual(["message 1", "message 2"]);

    // Message 1 was deleted meanwhile, 2 edited: nothing of the picture is left.
    const edited = historyItem(2, { content: "edited", rev: 2 });
    browser.server.on(HISTORY, 200, { items: [edited, historyItem(9)], next_cursor: null });
    page.app.conversations.retry("A");
    await quiet();

    expect(contentsOf(page)).toEqual(["edited", "message 9"]);
    expect(page.state.conversations.A?.isFromShelf).toBe(false);
  });

  test("a picture does not grow by what is heard, since something may be missing", async () => {
    const browser = await visited();
    browser.server.refuse(HISTORY, 503, "unavailable");
    for (const id of ["1", "2"]) browser.hub.log.A?.push({ client_msg_id: id, content: id });
    const page = await opened(browser);

    page.write("Hello");
    await quiet();

    expect(browser.hub.contents("A")).toEqual(["1", "2", "Hello"]);
    expect(contentsOf(page)).toEqual(["message 1", "message 2"]);
  });

  test("a picture comes too late for a page that has read something newer", async () => {
    const browser = await visited();
    const page = await browser.open();
    page.app.conversations.open("A");
    page.app.store.update((state) => ({
      ...state,
      conversations: Object.fromEntries(
        Object.entries(state.conversations).map(([id, conversation]) => [
          id,
          {
            ...conversation,
            timeline: { ...conversation.timeline, messages: [messageOf(7)] },
          },
        ]),
      ),
    }));
    browser.server.refuse(HISTORY, 503, "unavailable");
    await quiet();

    expect(contentsOf(page)).toEqual(["message 7"]);
  });

  test("a room that one has left is not in the list any more, nor its messages kept", async () => {
    const browser = await visited();
    browser.server.on("GET /v1/me/rooms", 200, { items: [], next_cursor: null });
    const page = await browser.open();
    expect(page.state.rooms).toEqual({});
    await page.clock.pass(KEPT_MS);
    browser.kill(page);

    browser.goOffline();

    const next = await opened(browser);
    expect(next.state.rooms).toEqual({});
    expect(contentsOf(next)).toEqual([]);
  });

  test("whose session has ended meanwhile is out, and finds what was not sent later", async () => {
    const browser = await visited();
    browser.goOffline();
    const page = await opened(browser);
    page.write("Hello");
    page.app.conversations.draft("B", "Hel");
    await quiet();
    browser.loggedOut();

    await browser.goOnline();
    expect(page.state.account).toMatchObject({ phase: "out", notice: /session has ended/ });
    expect(page.state.rooms).toEqual({});
    expect(browser.hub.contents("A")).toEqual([]);

    browser.loggedInAs("alice");
    await page.app.account.logIn("alice@example.org", "secret");
    await quiet();
    expect(browser.hub.contents("A")).toEqual(["Hello"]);
    expect(page.state.drafts.B).toBe("Hel");
  });

  test("who finds another person's cookie is that person, and sends nothing of the first", async () => {
    const browser = await visited();
    browser.goOffline();
    const page = await opened(browser);
    page.write("Alice's");
    await quiet();
    browser.loggedInAs("bob");

    await browser.goOnline();
    await quiet();

    expect(page.state.account).toMatchObject({ phase: "in", user: { id: "bob" } });
    expect(page.state.outbox).toEqual([]);
    expect(browser.hub.contents("A")).toEqual([]);
  });

  test("who has another name by now is called so, next time too", async () => {
    const browser = await visited();

    const page = await browser.open();
    expect(page.state.account).toMatchObject({ user: { name: "Alice" } });
    browser.kill(page);
    browser.goOffline();

    expect((await browser.open()).state.account).toMatchObject({ user: { name: "Alice" } });
  });
});

test("a page in the background leaves the pictures to the one in front", async () => {
  const browser = await visited();
  const page = await browser.open();
  page.isLookedAt = false;
  browser.server.on("GET /v1/me/rooms", 200, { items: [], next_cursor: null });
  await page.app.lobby.load();
  await page.clock.pass(KEPT_MS);
  browser.kill(page);
  browser.goOffline();

  expect(Object.keys((await browser.open()).state.rooms)).toEqual(["A", "B"]);
});
