/** Several pages of one browser: one outbox, one set of drafts, one person. */

import { describe, expect, test } from "vitest";
import { Browser, type Page, quiet } from "../support/browser.ts";

const LOCK = "hubbub.outbox.alice";

/** Two pages of Alice; the second one is looked at. */
async function twoPages(browser = new Browser()) {
  const first = await opened(browser);
  first.isLookedAt = false;
  const second = await opened(browser);
  return { browser, first, second };
}

async function opened(browser: Browser): Promise<Page> {
  const page = await browser.open();
  page.app.conversations.open("A");
  await quiet();
  return page;
}

describe("the outbox of two pages", () => {
  test("is the same on both, in one order, and is sent once", async () => {
    const { browser, first, second } = await twoPages();
    browser.goOffline();
    first.write("1");
    await quiet();
    second.write("2");
    await quiet();
    first.write("3");
    await quiet();
    expect(first.unsent).toEqual(["1", "2", "3"]);
    expect(second.unsent).toEqual(["1", "2", "3"]);

    await browser.goOnline();
    await quiet();

    expect(browser.hub.contents("A")).toEqual(["1", "2", "3"]);
    expect(browser.hub.arrived).toHaveLength(3);
    expect([...first.unsent, ...second.unsent]).toEqual([]);
  });

  test("keeps its order, and each message once, where there are no locks", async () => {
    const browser = new Browser();
    browser.locks.areAbsent = true;
    const { first, second } = await twoPages(browser);
    browser.goOffline();
    for (const content of ["1", "2", "3"]) {
      first.write(content);
      second.write(`${content}b`);
      await quiet();
    }

    await browser.goOnline();
    await quiet();

    expect(browser.hub.contents("A")).toEqual(["1", "1b", "2", "2b", "3", "3b"]);
    expect([...first.unsent, ...second.unsent]).toEqual([]);
  });

  test("is sent by one page although both are in front of somebody", async () => {
    const { browser, first, second } = await twoPages();
    first.isLookedAt = true;
    browser.goOffline();
    first.write("from the first");
    second.write("from the second");
    await quiet();

    await browser.goOnline();
    await first.clock.pass(3_000);
    await second.clock.pass(3_000);

    expect(browser.hub.arrived).toHaveLength(2);
    expect([...first.unsent, ...second.unsent]).toEqual([]);
  });

  test("is carried on when the page that carries it dies on the way", async () => {
    const { browser, first, second } = await twoPages();
    browser.hub.manner = "withhold";
    expect(browser.locks.holder(LOCK)).toBe(first.name);
    second.write("1");
    second.write("2");
    await quiet();
    expect(browser.hub.arrived).toHaveLength(1);

    browser.hub.manner = "answer";
    browser.kill(first);
    await quiet();

    expect(browser.hub.contents("A")).toEqual(["1", "2"]);
    expect(second.unsent).toEqual([]);
  });

  test("does not wait for long for a page that sleeps", async () => {
    const { browser, first, second } = await twoPages();
    browser.hub.manner = "ignore";
    second.write("1");
    await quiet();
    expect(browser.locks.holder(LOCK)).toBe(first.name);

    // It holds the lock and does nothing; the person goes on with the other page.
    browser.hub.manner = "answer";
    second.write("2");
    await quiet();
    await second.clock.pass(3_000);

    expect(browser.locks.holder(LOCK)).toBe(second.name);
    expect(browser.hub.contents("A")).toEqual(["1", "2"]);
    expect(second.unsent).toEqual([]);
  });

  test("is left to a page that has a connection", async () => {
    const { browser, first, second } = await twoPages();
    second.app.store.get();
    browser.hub.isUp = false;
    for (const connection of [...browser.hub.connections]) connection.cut();
    second.write("Hello");
    await quiet();
    expect(browser.locks.holder(LOCK)).toBeNull();

    browser.hub.isUp = true;
    first.app.sense("wake");
    await quiet();

    expect(browser.locks.holder(LOCK)).toBe(first.name);
    expect(browser.hub.contents("A")).toEqual(["Hello"]);
    expect(second.unsent).toEqual([]);
  });

  test("shows on both what failed, and may be sent again or given up on either", async () => {
    const { browser, first, second } = await twoPages();
    browser.hub.manner = "refuse";
    second.write("1");
    second.write("2");
    await quiet();
    expect(first.state.outbox).toMatchObject([{ state: "failed" }, { state: "failed" }]);
    const [one, two] = first.state.outbox.map((item) => item.client_msg_id);

    browser.hub.manner = "answer";
    first.app.conversations.resend(one ?? "");
    second.app.conversations.discard(two ?? "");
    await quiet();

    expect(browser.hub.contents("A")).toEqual(["1"]);
    expect([...first.unsent, ...second.unsent]).toEqual([]);
  });
});

describe("the drafts of two pages", () => {
  test("are the same: the last one to write is right", async () => {
    const { first, second } = await twoPages();

    first.app.conversations.draft("A", "from the first");
    first.app.conversations.draft("B", "another room");
    await quiet();
    expect(second.state.drafts).toMatchObject({ A: "from the first", B: "another room" });

    second.app.conversations.draft("A", "from the second");
    await quiet();
    expect(first.state.drafts.A).toBe("from the second");
  });

  test("lose no letter of somebody who types faster than the disk writes", async () => {
    const { first, second } = await twoPages();
    const seen: (string | undefined)[] = [];
    first.app.store.subscribe(() => seen.push(first.state.drafts.A));

    for (const text of ["H", "He", "Hel", "Hell", "Hello"]) {
      first.app.conversations.draft("A", text);
    }
    await quiet();

    expect(new Set(seen)).toEqual(new Set(["H", "He", "Hel", "Hell", "Hello"]));
    expect(first.state.drafts.A).toBe("Hello");
    expect(second.state.drafts.A).toBe("Hello");
  });

  test("are gone on both once they are sent", async () => {
    const { first, second } = await twoPages();
    first.app.conversations.draft("A", "Hello");
    await quiet();

    second.write("Hello");
    await quiet();

    expect(first.state.drafts.A).toBe("");
    expect(second.state.drafts.A).toBe("");
  });
});

describe("the person of two pages", () => {
  test("who reads on one has read on the other", async () => {
    const { browser, first, second } = await twoPages();
    browser.goOffline();
    for (const page of [first, second]) {
      page.app.store.update((state) => ({
        ...state,
        rooms: Object.fromEntries(
          Object.entries(state.rooms).map(([id, room]) => [id, { ...room, head: 3, unread: 3 }]),
        ),
      }));
    }

    second.app.conversations.read("A");
    await quiet();

    expect(first.state.rooms.A).toMatchObject({ read: 3, unread: 0 });
  });

  test("who logs out on one is out on the other, and leaves nothing behind", async () => {
    const { browser, first, second } = await twoPages();
    second.app.conversations.draft("A", "secret");
    await second.clock.pass(2_000);

    await second.app.account.logOut();
    browser.loggedOut();
    await first.clock.pass(2_000);
    await quiet();

    expect(first.state.account).toEqual({ phase: "out", notice: null });
    expect(first.state.rooms).toEqual({});
    const next = await browser.open();
    expect(next.state.account.phase).toBe("out");
    await next.app.account.logIn("alice@example.org", "secret");
    expect(next.state.drafts).toEqual({});
  });

  test("who logs in on one is in on the other", async () => {
    const browser = new Browser();
    browser.loggedOut();
    const first = await browser.open();
    const second = await browser.open();
    expect(first.state.account.phase).toBe("out");

    browser.loggedInAs("alice");
    await second.app.account.logIn("alice@example.org", "secret");
    await quiet();

    expect(first.state.account).toMatchObject({ phase: "in", user: { id: "alice" } });
  });

  test("who is another one on one becomes so on the other", async () => {
    const { browser, first, second } = await twoPages();
    browser.goOffline();
    second.write("Alice's");
    await quiet();
    browser.loggedInAs("bob");
    browser.server.isReachable = true;

    await second.app.account.logIn("bob@example.org", "secret");
    await quiet();
    await browser.goOnline();
    await quiet();

    expect(first.state.account).toMatchObject({ phase: "in", user: { id: "bob" } });
    expect(first.unsent).toEqual([]);
    expect(browser.hub.contents("A")).toEqual([]);
  });

  test("leaves nothing on the next one's page that the disk finishes later", async () => {
    const browser = new Browser();
    const page = await opened(browser);
    browser.goOffline();
    browser.server.isReachable = true;
    browser.loggedInAs("bob");

    const entering = page.app.account.logIn("bob@example.org", "secret");
    page.write("Alice's");
    await entering;
    await quiet();

    expect(page.state.account).toMatchObject({ user: { id: "bob" } });
    expect(page.unsent).toEqual([]);
  });

  test("finds what was not sent when it is that person again", async () => {
    const browser = new Browser();
    const page = await opened(browser);
    browser.goOffline();
    page.write("Alice's");
    await quiet();
    browser.server.isReachable = true;
    browser.loggedInAs("bob");
    await page.app.account.logIn("bob@example.org", "secret");
    await quiet();
    expect(page.unsent).toEqual([]);

    browser.loggedInAs("alice");
    await page.app.account.logIn("alice@example.org", "secret");
    await browser.goOnline();

    expect(browser.hub.contents("A")).toEqual(["Alice's"]);
  });
});
