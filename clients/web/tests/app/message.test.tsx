import { fireEvent, screen, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { ALICE, BOB } from "../support/frames.ts";
import { historyItem } from "../support/http.ts";
import { messageOf, unsent } from "../support/messages.ts";
import { happening } from "../support/page.tsx";
import { box, log, reach, roomWith, sent } from "../support/room.tsx";
import { World } from "../support/world.ts";

const OLD = "GET /v1/messages/m0";

describe("an answer", () => {
  test("is written under the message that it answers, and sent with its id", async () => {
    const { world, user } = await roomWith([historyItem(1)]);
    await reach(/^Bob/);

    await user.click(screen.getByRole("button", { name: "Reply" }));
    expect(document.activeElement).toBe(box());
    expect(screen.getByText("Answering")).toBeTruthy();
    await user.type(box(), "Yes!{Enter}");

    expect(await sent(world)).toMatchObject([{ content: "Yes!", reply_to: "m1" }]);
    expect(screen.queryByText("Answering")).toBeNull();
  });

  test.each(["{Escape}", "button"])("becomes a message of its own by %s", async (way) => {
    const { world, user } = await roomWith([historyItem(1)]);
    await reach(/^Bob/);
    await user.click(screen.getByRole("button", { name: "Reply" }));

    if (way === "button") await user.click(screen.getByRole("button", { name: "Do not answer" }));
    else await user.keyboard(way);
    await user.type(box(), "Yes!{Enter}");

    expect(await sent(world)).toMatchObject([{ content: "Yes!", reply_to: null }]);
  });

  test("shows what it answers in one line, before it is sent as well", async () => {
    const { world } = await roomWith([
      historyItem(1, { content: "**Tea** at _four_?" }),
      historyItem(2, { reply_to: "m1" }),
    ]);
    await happening(() => world.tell({ type: "outbox", items: [unsent("x", { reply_to: "m1" })] }));

    const quotes = within(log()).getAllByRole("button", { name: /Answers/ });

    expect(quotes.map((quote) => quote.textContent)).toEqual([
      "Answers BobTea at four?",
      "Answers BobTea at four?",
    ]);
  });

  test("to something deleted says so, also when that happens now", async () => {
    const { world } = await roomWith([historyItem(1), historyItem(2, { reply_to: "m1" })]);

    await happening(() =>
      world.tellEvent(3, { type: "message_deleted", id: "m1", deleted_at: "t", author: null }),
    );

    expect(within(log()).getByText("Deleted message")).toBeTruthy();
  });

  test("to a message that is not loaded reads it once and leads there", async () => {
    const world = new World();
    world.server.on(OLD, 200, { message: historyItem(7, { id: "m0", content: "long ago" }) });
    const items = [historyItem(91, { reply_to: "m0" }), historyItem(92, { reply_to: "m0" })];
    const { user } = await roomWith(items, world);
    await happening(() => {});
    expect(world.server.lines.filter((line) => line === OLD)).toHaveLength(1);

    const [quote] = within(log()).getAllByRole("button", { name: /long ago/ });
    world.server.on("GET /v1/rooms/A/messages", 200, {
      items: [historyItem(7, { id: "m0", content: "long ago" })],
      next_cursor: null,
    });
    await user.click(quote as HTMLElement);
    await happening(() => {});

    expect(world.server.lines.some((line) => line.includes("around=7"))).toBe(true);
    const there = within(log()).getByRole("article");
    expect(there.className).toContain("bg-accent-soft");
  });

  test("to a message that cannot be read says no more than that there is one", async () => {
    const world = new World();
    world.server.refuse(OLD, 404, "not_found");

    await roomWith([historyItem(1, { reply_to: "m0" })], world);
    await happening(() => {});

    expect(within(log()).getByText("An earlier message")).toBeTruthy();
  });
});

describe("a message", () => {
  test("is copied as people read it, and says so", async () => {
    const { user } = await roomWith([historyItem(1, { content: "**Hello**" })]);
    const written = vi.spyOn(navigator.clipboard, "writeText");
    await reach(/^Bob/);

    await user.click(screen.getByRole("button", { name: "Copy text" }));

    expect(written).toHaveBeenCalledWith("**Hello**");
    expect(await screen.findByText("Copied")).toBeTruthy();
  });

  test("of code has a button for the code alone, and the language as a label", async () => {
    const { user } = await roomWith([historyItem(1, { content: "see\n```py\nx = 1\n```" })]);
    const written = vi.spyOn(navigator.clipboard, "writeText");

    expect(within(log()).getByText("py")).toBeTruthy();
    await user.click(within(log()).getByRole("button", { name: "Copy code" }));

    expect(written).toHaveBeenCalledWith("x = 1");
  });

  test("has numbers and bars on the side on which its text begins", async () => {
    await roomWith([historyItem(1, { content: "1. אחת\n2. שתיים\n\n> שלוש" })]);

    const numbers = within(log()).getByRole("list");
    const quote = within(log()).getByText("שלוש").parentElement;

    expect([numbers.dir, quote?.dir]).toEqual(["auto", "auto"]);
    expect(log().querySelectorAll("li [dir], blockquote [dir]")).toHaveLength(0);
  });

  test("has its tools only while somebody is at it", async () => {
    const { user } = await roomWith([historyItem(1), historyItem(2)]);
    expect(screen.queryByRole("toolbar")).toBeNull();

    await user.hover(within(log()).getAllByRole("article")[0] as HTMLElement);

    expect(screen.getAllByRole("toolbar", { name: "Message" })).toHaveLength(1);
  });

  test("can be reacted to with many more emoji, by keyboard too", async () => {
    const { world, user } = await roomWith([historyItem(1)]);
    await reach(/^Bob/);
    const still = user.setup({ skipHover: true });
    await still.click(screen.getByRole("button", { name: "Add reaction" }));
    await still.click(screen.getByRole("button", { name: "More emoji" }));

    const faces = within(screen.getByRole("region", { name: "Faces" })).getAllByRole("button");
    faces[0]?.focus();
    await still.keyboard("{ArrowRight}{ArrowDown}{Enter}");

    expect(document.querySelectorAll("dialog")).toHaveLength(0);
    const emoji = faces[9]?.textContent;
    expect(world.client.orders).toMatchObject([{ type: "add_reaction", data: { emoji } }]);
  });

  test("leaves Escape to the dialog that it has opened", async () => {
    const { user } = await roomWith([historyItem(1)]);
    await reach(/^Bob/);
    const still = user.setup({ skipHover: true });
    await still.click(screen.getByRole("button", { name: "Add reaction" }));
    await still.click(screen.getByRole("button", { name: "More emoji" }));

    const isLeft = fireEvent.keyDown(screen.getByRole("region", { name: "Faces" }), {
      key: "Escape",
    });

    expect(isLeft).toBe(true);
  });

  test("that was deleted cannot be acted upon", async () => {
    await roomWith([historyItem(1, { content: "", deleted_at: "t" })]);
    await reach(/^Bob/);

    expect(screen.queryByRole("toolbar")).toBeNull();
  });

  test("of emoji alone is large, and of right-to-left letters runs that way", async () => {
    await roomWith([historyItem(1, { content: "🎉 👍🏽" }), historyItem(2, { content: "שלום" })]);

    expect(within(log()).getByText("🎉 👍🏽").parentElement?.className).toContain("text-3xl");
    expect(within(log()).getByText("שלום").getAttribute("dir")).toBe("auto");
  });
});

describe("what is not sent", () => {
  const failed = unsent("x", {
    content: "Hello",
    state: "failed",
    problem: {
      code: "muted",
      message: "Not now.",
      retryable: false,
      retry_after_ms: null,
      fields: {},
    },
  });

  test("can be written again, before what is being written", async () => {
    const { world, user } = await roomWith([]);
    await user.type(box(), "more");
    await happening(() => world.tell({ type: "outbox", items: [failed] }));

    await user.click(within(log()).getByRole("button", { name: "Edit" }));

    expect(box().value).toBe("Hello\nmore");
    expect(world.client.wishes).toContainEqual({ is: "forget", client_msg_id: "x" });
  });

  test("stays in its line when it is sent", async () => {
    const { world } = await roomWith([historyItem(1)]);
    await happening(() => world.tell({ type: "outbox", items: [unsent("x")] }));
    const before = within(log()).getByRole("article", { name: "Alice, not sent yet" });
    const line = before.parentElement;

    const message = messageOf(2, { author: ALICE, client_msg_id: "x", content: "x" });
    await happening(() => world.tellEvent(2, { type: "message", message }));
    expect(within(log()).getAllByRole("article")).toHaveLength(2);
    await happening(() => world.tell({ type: "outbox", items: [] }));

    const after = within(log()).getByRole("article", { name: /^Alice, \d/ });
    expect(after.parentElement).toBe(line);
  });

  test("says why it waits", async () => {
    const { world } = await roomWith([historyItem(1, { author: BOB })]);
    await happening(() => {
      world.tell({ type: "outbox", items: [unsent("x")] });
      world.tell({ type: "status", status: { kind: "offline" } });
    });

    expect(within(log()).getByText("Waiting for the connection")).toBeTruthy();
  });
});
