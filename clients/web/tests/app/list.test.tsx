import { screen, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { type State, withConversation } from "#state/model.ts";
import { itemsOf } from "../support/http.ts";
import { messageOf, unsent } from "../support/messages.ts";
import { happening, show } from "../support/page.tsx";
import { log } from "../support/room.tsx";
import { showLines } from "../support/sizes.ts";
import { HISTORY, World } from "../support/world.ts";

function shown(): string[] {
  return within(log())
    .queryAllByRole("article")
    .map((article) => article.textContent?.match(/message \d+/)?.[0] ?? "");
}

/** How long a list may be on its way elsewhere, in ms. */
const PATIENCE = { timeout: 30_000, interval: 10 };

/** Scroll as a person would: again, while the list is still on its way elsewhere. */
async function scrollTo(top: number): Promise<void> {
  await vi.waitFor(async () => {
    await happening(() => log().scrollTo({ top }));
    await happening(() => {});
    expect(log().scrollTop).toBe(top);
  }, PATIENCE);
}

/** A room of which a picture from another time is shown, in which three messages were read. */
async function pictured() {
  showLines(10);
  const world = await new World().connect();
  await show(world, "/rooms/A");
  const messages = Array.from({ length: 60 }, (_, at) => messageOf(at + 1));
  await happening(() =>
    world.app.store.update((state) =>
      withConversation(state, "A", (room) => ({
        ...room,
        isFromShelf: true,
        unseen: { after: 3, upTo: 60 },
        timeline: { ...room.timeline, origin: messages, messages },
      })),
    ),
  );
  return world;
}

/** Put other messages into the picture. */
function withMessages(state: State, { from, to }: { from: number; to: number }): State {
  const messages = Array.from({ length: to - from + 1 }, (_, at) => messageOf(from + at));
  return withConversation(state, "A", (room) => ({
    ...room,
    timeline: { ...room.timeline, origin: messages, messages },
  }));
}

/** The room as it was when everything in it was read. */
const STALE = { type: "room_head", room_id: "A", head_seq: 1, unread: 0, mentions: 0 } as const;

/** A room in which `read` of 60 messages are read, with ten lines in sight. */
async function opened(read: number, older: string | null = null) {
  showLines(10);
  const world = await new World().connect();
  world.server.on(HISTORY, 200, { items: itemsOf(1, 60), next_cursor: older });
  const user = await show(world, "/rooms/A");
  await happening(() => world.tellJoined({ head_seq: 60, read_seq: read }));
  await happening(() => {});
  return { world, user };
}

describe("a long room", () => {
  test("draws only what is in sight, and opens at its end", async () => {
    await opened(60);

    expect(shown().length).toBeLessThan(30);
    expect(shown().at(-1)).toBe("message 60");
  });

  test("is opened anew where the picture of it says nothing of the place", async () => {
    const world = await pictured();
    expect(shown()).toContain("message 4");
    world.server.on(HISTORY, 200, { items: itemsOf(201, 300), next_cursor: "older" });

    await happening(() => world.tellJoined({ head_seq: 300, read_seq: 3 }));
    await happening(() => {});

    expect(shown().at(-1)).toBe("message 300");
  });

  test("stays where one reads its picture, if that is in the page that comes", async () => {
    const world = await pictured();
    world.server.on(HISTORY, 200, { items: itemsOf(1, 100), next_cursor: null });

    await happening(() => world.tellJoined({ head_seq: 100, read_seq: 3 }));
    await happening(() => {});

    expect(shown()).toContain("message 4");
    expect(shown()).not.toContain("message 100");
  });

  test("draws others when one scrolls to them", async () => {
    await opened(60);

    await scrollTo(0);

    expect(shown()[0]).toBe("message 1");
    expect(within(log()).getByText("This is the beginning of the room.")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Newest" })).toBeTruthy();
  });

  test("asks for what is older before its beginning is in sight", async () => {
    const { world } = await opened(60, "older");
    const asked = () => world.server.lines.filter((line) => line.includes("before_seq="));
    expect(asked()).toEqual([]);

    await scrollTo(700);

    expect(asked()).toHaveLength(1);
  });

  test("follows what comes while its end is in sight, and only then", async () => {
    const { world } = await opened(60);
    await happening(() => world.tellEvent(61, { type: "message", message: messageOf(61) }));
    expect(shown().at(-1)).toBe("message 61");

    await scrollTo(0);
    await happening(() => world.tellEvent(62, { type: "message", message: messageOf(62) }));

    expect(shown()).not.toContain("message 62");
    expect(screen.getByRole("button", { name: "Newest, 1 new" })).toBeTruthy();
  });

  test("shows its writer what they write, wherever they were", async () => {
    const { world } = await opened(60);
    await scrollTo(0);

    const items = [unsent("x", { content: "mine" })];
    await happening(() => world.tell({ type: "outbox", items }));

    expect(within(log()).getByText("mine")).toBeTruthy();
  });

  test("is found again as it was left", async () => {
    const { user } = await opened(60);
    await scrollTo(800);
    const [first] = shown();

    await user.click(screen.getByRole("link", { name: "Find rooms" }));
    await user.click(screen.getAllByRole("link", { name: "General" })[0] as HTMLElement);
    await happening(() => {});

    expect(shown()[0]).toBe(first);
    expect(shown()).not.toContain("message 60");
  });

  test("says what comes aloud, and nothing that one scrolls to", async () => {
    const { world } = await opened(60);
    const aloud = () => document.querySelector("p.sr-only[aria-live=polite]")?.textContent;
    expect(log().getAttribute("aria-live")).toBe("off");

    await scrollTo(0);
    expect(aloud()).toBe("");
    await happening(() => world.tellEvent(61, { type: "message", message: messageOf(61) }));

    expect(aloud()).toBe("Bob: message 61");
  });
});

describe("what is new", () => {
  test("is where a room opens, with what was read last above it", async () => {
    await opened(20);

    expect(within(log()).getByText("New")).toBeTruthy();
    expect(shown()).toContain("message 20");
    expect(shown()).not.toContain("message 60");
  });

  test("is told by the server, whatever is known from another time", async () => {
    showLines(10);
    const world = await new World().connect();
    world.server.on(HISTORY, 200, { items: itemsOf(1, 60), next_cursor: null });
    await happening(() => world.tell({ type: "signal", signal: STALE }));
    await show(world, "/rooms/A");

    await happening(() => world.tellJoined({ head_seq: 60, read_seq: 20 }));
    await happening(() => {});

    expect(within(log()).getByText("New")).toBeTruthy();
  });

  test("is not read before one has come to the end", async () => {
    const { world } = await opened(20);
    expect(world.state.rooms.A?.read ?? 0).toBe(20);

    await scrollTo(100_000);

    expect(world.state.rooms.A?.read).toBe(60);
  });

  test("above can be jumped to from below, or put away", async () => {
    const { world, user } = await opened(20);
    await scrollTo(1_500);

    expect(screen.getByText(/^40 new messages since \d/)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Jump" }));
    await happening(() => {});
    expect(within(log()).getByText("New")).toBeTruthy();

    await scrollTo(1_500);
    await user.click(screen.getByRole("button", { name: "Mark as read" }));
    expect(world.state.rooms.A?.read).toBe(60);
    expect(screen.queryByText(/new messages/)).toBeNull();
  });

  test("far above is not seen by who saw where it began in a picture of another time", async () => {
    const world = await pictured();
    await happening(() =>
      world.app.store.update((state) => withMessages(state, { from: 1, to: 8 })),
    );
    expect(within(log()).getByText("New")).toBeTruthy();
    world.server.on(HISTORY, 200, { items: itemsOf(201, 260), next_cursor: "older" });

    await happening(() => world.app.history.load("A"));
    await happening(() => world.tellJoined({ head_seq: 260, read_seq: 260 }));

    expect(world.state.rooms.A?.read).toBe(260);
    expect(screen.getByRole("button", { name: "Jump" })).toBeTruthy();
  });

  test("far above is loaded when one jumps there", async () => {
    showLines(10);
    const world = await new World().connect();
    world.server.on(HISTORY, 200, { items: itemsOf(201, 260), next_cursor: "older" });
    const user = await show(world, "/rooms/A");
    await happening(() => world.tellJoined({ head_seq: 260, read_seq: 20 }));
    await happening(() => {});
    expect(shown()).toContain("message 260");
    world.server.on(HISTORY, 200, { items: itemsOf(1, 70), next_cursor: null });

    expect(screen.getByText("More than 60 new messages")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Jump" }));
    await happening(() => {});

    expect(world.server.lines.some((line) => line.includes("around=21"))).toBe(true);
    expect(within(log()).getByText("New")).toBeTruthy();
    expect(shown()).toContain("message 21");
  });
});
