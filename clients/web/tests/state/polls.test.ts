/** A network that lets no socket through: what somebody writes and hears, on whichever way. */

import { describe, expect, test } from "vitest";
import { Browser, type Page, quiet } from "../support/browser.ts";

const MINUTE = 60_000;

/** A page with room A open, on a network that lets no socket through. */
async function blocked(): Promise<{ browser: Browser; page: Page }> {
  const browser = new Browser();
  browser.hub.isStripped = true;
  const page = await browser.open();
  await page.clock.pass(3_000);
  await quiet();
  page.app.conversations.open("A");
  await quiet();
  return { browser, page };
}

function wayOf({ state: { status } }: Page): string {
  return status.kind === "connected" ? status.way : status.kind;
}

describe("who gets no socket", () => {
  test("is connected over polls within three seconds", async () => {
    const { page } = await blocked();

    expect(wayOf(page)).toBe("polls");
  });

  test("sends and hears every message once and in order", async () => {
    const { browser, page } = await blocked();
    const other = await blockedToo(browser);

    for (const line of ["one", "two", "three"]) page.write(line);
    await quiet();
    for (const one of [page, other]) await one.clock.pass(1_000);

    expect(browser.hub.contents("A")).toEqual(["one", "two", "three"]);
    expect(page.unsent).toEqual([]);
    for (const one of [page, other]) {
      expect(said(one)).toEqual(["one", "two", "three"]);
    }
  });

  test("hears what came while a poll was lost", async () => {
    const { browser, page } = await blocked();

    browser.server.isReachable = false;
    for (const wake of [...browser.hub.waiting]) wake();
    await quiet();
    browser.hub.take("A", { client_msg_id: "b1", content: "meanwhile" });
    browser.server.isReachable = true;
    await page.clock.pass(5_000);

    expect(wayOf(page)).toBe("polls");
    expect(said(page)).toEqual(["meanwhile"]);
  });
});

describe("the way back", () => {
  test("to a socket is gone without anybody seeing it", async () => {
    const { browser, page } = await blocked();
    const seen: string[] = [];
    page.app.store.subscribe(() => seen.push(wayOf(page)));

    browser.hub.isStripped = false;
    await page.clock.pass(6 * MINUTE);
    await quiet();

    expect(wayOf(page)).toBe("socket");
    expect(new Set(seen)).toEqual(new Set(["polls", "socket"]));
  });

  test.each([
    ["taken", "withhold", 1],
    ["lost", "ignore", 2],
  ] as const)("settles a message that was %s, which nobody knew", async (_, manner, times) => {
    const { browser, page } = await blocked();
    browser.hub.manner = manner;
    page.write("perhaps");
    await quiet();
    expect(page.unsent).toEqual(["perhaps"]);

    browser.hub.manner = "answer";
    browser.hub.isStripped = false;
    page.app.sense("offline");
    page.app.sense("wake");
    await page.clock.pass(15_000);
    await quiet();

    expect(wayOf(page)).toBe("socket");
    expect(browser.hub.arrived).toHaveLength(times);
    expect(browser.hub.contents("A")).toEqual(["perhaps"]);
    expect(page.unsent).toEqual([]);
  });

  test("of somebody who writes all the time loses, doubles and turns round nothing", async () => {
    const { browser, page } = await blocked();
    const lines = Array.from({ length: 12 }, (_, number) => `line ${number}`);

    for (const [number, line] of lines.entries()) {
      if (number === 6) browser.hub.isStripped = false;
      page.write(line);
      await page.clock.pass(MINUTE);
    }
    await quiet();

    expect(wayOf(page)).toBe("socket");
    expect(browser.hub.contents("A")).toEqual(lines);
    expect(said(page)).toEqual(lines);
    expect(page.unsent).toEqual([]);
  });
});

/** Another page of the same browser, and so of the same network. */
async function blockedToo(browser: Browser): Promise<Page> {
  const page = await browser.open();
  await page.clock.pass(3_000);
  page.app.conversations.open("A");
  await quiet();
  return page;
}

function said({ state }: Page): string[] {
  return (state.conversations.A?.timeline.messages ?? []).map(({ content }) => content);
}
