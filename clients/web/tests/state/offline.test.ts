/** What survives: every point between typing a message and seeing it in the room. */

import { describe, expect, test } from "vitest";
import { DiskShelves } from "#shelf/disk.ts";
import { MemoryShelves } from "#shelf/memory.ts";
import { NotKept } from "#shelf/shelf.ts";
import { Browser, Clock, type Page, quiet } from "../support/browser.ts";
import { mine, myRooms } from "../support/http.ts";
import { breaking, wrapped } from "../support/shelves.ts";
import { ROOM } from "../support/world.ts";

/** A page with room A open. */
async function opened(browser = new Browser()): Promise<{ browser: Browser; page: Page }> {
  const page = await browser.open();
  page.app.conversations.open("A");
  await quiet();
  return { browser, page };
}

/** The page dies without a word, and the same person opens another. */
async function reopened(browser: Browser, page: Page): Promise<Page> {
  browser.kill(page);
  browser.hub.manner = "answer";
  await browser.goOnline();
  return (await opened(browser)).page;
}

describe("a page that dies", () => {
  test("while a message is typed has its draft", async () => {
    const { browser, page } = await opened();
    page.app.conversations.draft("A", "Hel");
    page.app.conversations.draft("A", "Hello");
    await quiet();

    const next = await reopened(browser, page);

    expect(next.state.drafts.A).toBe("Hello");
    expect(browser.hub.contents("A")).toEqual([]);
  });

  test.each([
    ["before the message left", "answer", true],
    ["while the message was lost on its way", "ignore", false],
    ["before the answer came", "withhold", false],
    ["before the event came", "ack", false],
    ["after the event came", "answer", false],
  ] as const)("%s sends it exactly once, and has no draft of it", async (_, manner, isCut) => {
    const { browser, page } = await opened();
    page.app.conversations.draft("A", "Hello");
    browser.hub.manner = manner;
    if (isCut) browser.goOffline();
    page.write("Hello");
    await quiet();

    const next = await reopened(browser, page);

    expect(browser.hub.contents("A")).toEqual(["Hello"]);
    expect(next.unsent).toEqual([]);
    expect(next.state.drafts.A ?? "").toBe("");
  });

  test("before the disk has the message still has the draft", async () => {
    const browser = new Browser();
    const shelves = new DiskShelves(browser.disk, clockOf(), "page0");
    const page = await browser.open(shelves);
    page.app.conversations.draft("A", "Hello");
    await quiet();

    page.write("Hello");
    browser.kill(page);
    const kept = await (await shelves.open({ id: "alice", name: "", email: null })).read();

    // One of the two, whichever the disk did before.
    const texts = [...kept.outbox.map((item) => item.content), ...kept.drafts.map((d) => d.text)];
    expect(texts.filter((text) => text !== "")).toEqual(["Hello"]);
  });

  test("still knows what failed, and why", async () => {
    const { browser, page } = await opened();
    browser.hub.manner = "refuse";
    page.write("Hello");
    await quiet();

    const next = await reopened(browser, page);

    expect(next.state.outbox).toMatchObject([{ state: "failed", problem: { code: "muted" } }]);
    expect(browser.hub.contents("A")).toEqual([]);
  });

  test("does not bring back what its author gave up", async () => {
    const { browser, page } = await opened();
    browser.hub.manner = "refuse";
    page.write("Hello");
    await quiet();
    page.app.conversations.discard(page.state.outbox[0]?.client_msg_id ?? "");
    await quiet();

    expect((await reopened(browser, page)).state.outbox).toEqual([]);
  });

  test("sends many messages in the order in which they were written", async () => {
    const { browser, page } = await opened();
    browser.goOffline();
    for (const content of ["1", "2", "3", "4"]) page.write(content);
    page.write("other", "B");
    await quiet();

    await reopened(browser, page);

    expect(browser.hub.contents("A")).toEqual(["1", "2", "3", "4"]);
    expect(browser.hub.contents("B")).toEqual(["other"]);
  });

  test("tells the server after all what was read", async () => {
    const browser = new Browser();
    browser.hub.log.A?.push({ client_msg_id: "x", content: "From Bob" });
    const { page } = await opened(browser);
    browser.goOffline();
    await quiet();
    const shelf = new DiskShelves(browser.disk, clockOf(), "page0");
    await (await shelf.open({ id: "alice", name: "", email: null })).markRead({
      room_id: "A",
      seq: 3,
    });

    await reopened(browser, page);

    expect(browser.hub.reads).toMatchObject([{ room_id: "A", seq: 3 }]);
  });

  test("knows what was read of a room that was not kept yet", async () => {
    const browser = new Browser();
    const standing = { head_seq: 9, unread: 9, read_seq: 0 };
    const rooms = { status: 200, body: myRooms(mine(ROOM, standing)) };
    browser.server.serve("GET /v1/me/rooms", () => quiet().then(() => rooms)); // After the disk.
    const shelf = new DiskShelves(browser.disk, clockOf(), "page0");
    await (await shelf.open({ id: "alice", name: "", email: null })).markRead({
      room_id: "A",
      seq: 3,
    });

    const page = await browser.open();
    await quiet();
    page.app.conversations.open("A");

    expect(page.state.conversations.A?.unseen).toEqual({ after: 3, upTo: 9 });
  });
});

describe("a page without a disk", () => {
  test("sends as any other", async () => {
    const browser = new Browser();
    browser.goOffline();
    browser.server.isReachable = true;
    const page = await browser.open(new MemoryShelves());
    page.write("One");
    page.write("Two");
    await quiet();
    expect(page.unsent).toEqual(["One", "Two"]);

    await browser.goOnline();

    expect(browser.hub.contents("A")).toEqual(["One", "Two"]);
    expect(page.unsent).toEqual([]);
    expect(page.state.complaints).toEqual([]);
  });

  test("may also be one whose disk does not open", async () => {
    const browser = new Browser();
    const shelves = breaking(new MemoryShelves(), (method) => method === "read");
    const page = await browser.open(shelves);

    page.write("Hello");
    await quiet();

    expect(browser.hub.contents("A")).toEqual(["Hello"]);
  });
});

describe("a disk that becomes full", () => {
  test("does not show out whom it could not write down", async () => {
    const browser = new Browser();
    const shelves = wrapped(new DiskShelves(browser.disk, clockOf(), "page0"), {
      setLast: () => Promise.reject(new NotKept("full")),
    });

    const page = await browser.open(shelves);

    expect(page.state.account.phase).toBe("in");
  });

  async function withFullDisk(broken: readonly string[]) {
    const browser = new Browser();
    const shelves = breaking(new DiskShelves(browser.disk, clockOf(), "page0"), (method) =>
      broken.includes(method),
    );
    const page = await browser.open(shelves);
    page.app.conversations.open("A");
    await quiet();
    return { browser, page };
  }

  test("loses no message while the page lives, and is told once", async () => {
    const { browser, page } = await withFullDisk(["post", "writeDraft"]);
    browser.goOffline();
    page.app.conversations.draft("A", "a");
    await quiet();

    page.write("One");
    page.write("Two");
    await quiet();
    await browser.goOnline();

    expect(browser.hub.contents("A")).toEqual(["One", "Two"]);
    expect(page.state.complaints).toMatchObject([{ sentence: /keeps nothing more/ }]);
  });

  test("keeps what was on it in front of what comes", async () => {
    const { browser, page } = await withFullDisk(["rule"]);
    browser.goOffline();
    page.write("One");
    await quiet();

    await browser.goOnline();
    page.write("Two");
    await quiet();

    expect(browser.hub.contents("A")).toEqual(["One", "Two"]);
    expect(page.unsent).toEqual([]);
  });

  test("gives up pictures before messages, and says nothing", async () => {
    const { browser, page } = await withFullDisk(["keepPicture"]);
    await page.clock.pass(2_000);
    page.write("Hello");
    await quiet();

    expect(browser.hub.contents("A")).toEqual(["Hello"]);
    expect(page.state.complaints).toEqual([]);
  });
});

function clockOf() {
  const clock = new Clock();
  return {
    now: () => clock.now,
    setTimer: (ring: () => void, afterMs: number) => clock.setTimer(ring, afterMs),
  };
}
