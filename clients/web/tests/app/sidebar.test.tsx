/** The list of rooms, the reader below it, and the quick way between rooms. */

import { screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import type { Presence } from "#protocol/frames.ts";
import { ALICE, BOB } from "../support/frames.ts";
import { mine, myRooms } from "../support/http.ts";
import { unsent } from "../support/messages.ts";
import { happening, show } from "../support/page.tsx";
import { ROOM, settled, World } from "../support/world.ts";

const DIRECT = { id: "D", kind: "direct", title: "", topic: "", role: "member" };
const MUSIC = { ...ROOM, id: "M", title: "Music" };

async function worldWith(...rooms: readonly Parameters<typeof mine>[0][]): Promise<World> {
  const world = new World();
  world.server.on("GET /v1/me/rooms", 200, myRooms(mine(ROOM), ...rooms.map((one) => mine(one))));
  return world.connect();
}

function list(): HTMLElement {
  return screen.getByRole("navigation", { name: "Rooms" });
}

/** What a screen reader says of a link beside its name. */
function noteOf(link: HTMLElement): string {
  const id = link.getAttribute("aria-describedby");
  return id === null ? "" : (document.getElementById(id)?.textContent ?? "");
}

describe("a room in the list", () => {
  const head = { type: "room_head", room_id: "M", head_seq: 9, unread: 7, mentions: 0 } as const;
  const titles = () =>
    within(list())
      .getAllByRole("listitem")
      .map(({ textContent }) => textContent);

  test("moves up when something is said in it", async () => {
    const world = await worldWith(MUSIC);
    world.now = Date.parse("2026-03-02T10:00:00Z");
    await show(world, "/rooms");
    expect(titles()).toEqual(["General", "Music"]);

    await happening(() => world.tell({ type: "signal", signal: head }));

    expect(titles()).toEqual(["Music7 unread", "General"]);
  });

  test("keeps its place while somebody points at the list", async () => {
    const world = await worldWith(MUSIC);
    world.now = Date.parse("2026-03-02T10:00:00Z");
    const user = await show(world, "/rooms");
    await user.hover(within(list()).getByRole("link", { name: "General" }));

    await happening(() => world.tell({ type: "signal", signal: head }));
    expect(titles()).toEqual(["General", "Music7 unread"]);

    await user.hover(screen.getByRole("main"));
    expect(titles()).toEqual(["Music7 unread", "General"]);
  });

  test("says who said what last, unless the reader has blocked them", async () => {
    const author = { kind: "user", id: "bob", name: "Bob" };
    const last = { id: "m1", author, content: "See **you**", created_at: "2026-03-01T10:00:00Z" };
    const world = new World();
    const listed = mine(ROOM, { last_message: last });
    world.server.on("GET /v1/me/rooms", 200, myRooms(listed)).on("PUT /v1/blocks/bob", 204);
    await show(await world.connect(), "/rooms");
    expect(noteOf(within(list()).getByRole("link", { name: "General" }))).toBe("Bob: See you");

    await happening(() => void world.app.blocking.set("bob", true));

    expect(noteOf(within(list()).getByRole("link", { name: "General" }))).toBe("");
  });

  test("says what of the unread is for the reader", async () => {
    const world = await worldWith(MUSIC);
    await show(world, "/rooms");

    const head = { type: "room_head", room_id: "M", head_seq: 9, unread: 7, mentions: 2 } as const;
    await happening(() => world.tell({ type: "signal", signal: head }));

    const link = within(list()).getByRole("link", { name: "Music 7 unread" });
    expect(noteOf(link)).toBe("2 of them for you");
    expect(within(link).getByText("@")).toBeTruthy();
  });

  test("tells what was left in it: a draft, something unsent, something refused", async () => {
    const world = await worldWith(MUSIC);
    await show(world, "/rooms");
    const link = () => within(list()).getByRole("link", { name: "General" });

    await happening(() => world.app.conversations.draft("A", "half a"));
    expect(noteOf(link())).toBe("has a draft");

    await happening(() => world.tell({ type: "outbox", items: [unsent("c1")] }));
    expect(noteOf(link())).toBe("has messages that are not sent yet");

    const refused = unsent("c1", { state: "failed" });
    await happening(() => world.tell({ type: "outbox", items: [refused] }));
    expect(noteOf(link())).toBe("has a message that could not be sent");
  });
});

describe("a direct room in the list", () => {
  const bob = (state: Presence["state"]): Presence => ({
    person_id: "bob",
    state,
    last_seen: null,
    status_text: null,
    rev: 5,
  });

  async function shown(): Promise<World> {
    const world = await worldWith({ ...DIRECT, people: [ALICE, BOB] });
    await show(world, "/rooms");
    return world;
  }

  test("stands among people, and tells how the other is", async () => {
    const world = await shown();

    const signal = { type: "presence", presence: bob("away") } as const;
    await happening(() => world.tell({ type: "signal", signal }));

    expect(within(list()).getByRole("heading", { name: "People" })).toBeTruthy();
    expect(noteOf(within(list()).getByRole("link", { name: "Bob" }))).toBe("Away");
  });

  test("claims nothing while nothing is known", async () => {
    await shown();

    expect(noteOf(within(list()).getByRole("link", { name: "Bob" }))).toBe("");
  });

  test("claims nothing without a connection", async () => {
    const world = await shown();
    const signal = { type: "presence", presence: bob("online") } as const;
    await happening(() => world.tell({ type: "signal", signal }));

    await happening(() => world.tell({ type: "status", status: { kind: "offline" } }));

    expect(noteOf(within(list()).getByRole("link", { name: "Bob" }))).toBe("");
  });
});

describe("what the reader is seen as", () => {
  test("starts with the choice of before, and is told to the server", async () => {
    const world = await worldWith();
    const user = await show(world, "/rooms");
    await user.click(screen.getByRole("button", { name: "Your settings" }));
    expect(screen.getByRole("radio", { name: "Online" })).toHaveProperty("checked", true);

    await user.click(screen.getByRole("radio", { name: "Do not disturb" }));

    expect(world.client.orders).toEqual([{ type: "set_presence", data: { state: "dnd" } }]);
    expect(screen.getByRole("radio", { name: "Do not disturb" })).toHaveProperty("checked", true);
  });

  test("is put away with Escape, and the focus is where it was", async () => {
    const user = await show(await worldWith(), "/rooms");
    await user.click(screen.getByRole("button", { name: "Your settings" }));

    await user.keyboard("{Escape}");

    expect(screen.queryByRole("group", { name: "Appear as" })).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Your settings" }));
  });
});

describe("Ctrl+K", () => {
  test("leads to a room with a few letters and Enter", async () => {
    const user = await show(await worldWith(MUSIC), "/rooms");

    await user.keyboard("{Control>}k{/Control}");
    await user.keyboard("mus{Enter}");

    expect(window.location.pathname).toBe("/rooms/M");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  test("is steered with the arrow keys", async () => {
    const user = await show(await worldWith(MUSIC), "/rooms");

    await user.keyboard("{Control>}k{/Control}{ArrowDown}");
    const chosen = () => screen.getByRole("option", { selected: true }).textContent;
    expect(chosen()).toBe("Music");

    await user.keyboard("{ArrowDown}");
    expect(chosen()).toBe("General");
  });

  test("leads to people too", async () => {
    const world = await worldWith();
    const direct = { ...DIRECT, people: [ALICE, BOB] };
    world.server.on("GET /v1/users", 200, { items: [BOB, ALICE], next_cursor: null });
    world.server.on("POST /v1/direct", 201, direct).on("GET /v1/rooms/D", 200, direct);
    world.server.on("GET /v1/rooms/D/members", 200, { items: [] });
    const user = await show(world, "/rooms");

    await user.keyboard("{Control>}k{/Control}bo");
    const option = await screen.findByRole("option", { name: /Bob/ });
    expect(screen.queryByRole("option", { name: /Alice/ })).toBeNull();
    await user.click(option);
    await happening(() => {});

    expect(window.location.pathname).toBe("/rooms/D");
  });
});

describe("the keys that work everywhere", () => {
  test("are shown with a question mark, but not to somebody who writes", async () => {
    const user = await show(await worldWith(), "/rooms");

    await user.type(screen.getByRole("searchbox", { name: "Search rooms" }), "?");
    expect(screen.queryByRole("dialog")).toBeNull();

    await user.click(document.body);
    await user.keyboard("?");
    expect(screen.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeTruthy();
  });
});

describe("logging out", () => {
  test("asks first when something is not sent", async () => {
    const world = await worldWith();
    world.server.on("POST /v1/auth/logout", 204);
    const user = await show(world, "/rooms");
    await happening(() => world.tell({ type: "outbox", items: [unsent("c1"), unsent("c2")] }));

    await user.click(screen.getByRole("button", { name: "Log out" }));
    expect(screen.getByText(/2 messages are not sent yet/)).toBeTruthy();
    expect(world.server.lines).not.toContain("POST /v1/auth/logout");

    await user.click(screen.getByRole("button", { name: "Log out and lose them" }));
    await settled();
    expect(screen.getByRole("heading", { name: "Log in" })).toBeTruthy();
  });
});

describe("where one is", () => {
  const current = () => within(list()).queryByRole("link", { current: "page" })?.textContent;

  test("is marked in the list", async () => {
    await show(await worldWith(), "/find");
    expect(current()).toBe("Find rooms");
    expect(document.title).toBe("Find rooms - Hubbub");
  });

  test("is nowhere on a page that does not exist", async () => {
    await show(await worldWith(), "/nowhere");

    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("There is no such page.");
    expect(current()).toBeUndefined();
  });
});
