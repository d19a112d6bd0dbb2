import { screen, within } from "@testing-library/react";
import { afterEach, describe, expect, test, vi } from "vitest";
import { messageOf } from "../support/messages.ts";
import { happening, show } from "../support/page.tsx";
import { CONNECTED, HISTORY, ROOM, settled, World } from "../support/world.ts";

function list(): HTMLElement {
  return screen.getByRole("navigation", { name: "Rooms" });
}

describe("the list of rooms", () => {
  test("shows how many messages are unread", async () => {
    const world = await new World().connect();
    await show(world, "/rooms");
    const { signal } = head(7);

    await happening(() => world.tell({ type: "signal", signal }));

    expect(within(list()).getByRole("link", { name: "General 7 unread" })).toBeTruthy();
    expect(document.title).toBe("(7) Hubbub");
  });

  test("counts no further than 99", async () => {
    const world = await new World().connect();
    await show(world, "/rooms");

    await happening(() => world.tell({ type: "signal", signal: head(100).signal }));

    expect(within(list()).getByText("99+")).toBeTruthy();
  });

  test("says what to do when it is empty", async () => {
    const world = new World();
    world.server.on("GET /v1/me/rooms", 200, { items: [] });
    world.server.on("GET /v1/rooms", 200, { items: [] });
    await show(await world.connect(), "/rooms");

    expect(within(list()).getByRole("button", { name: "Open a room" })).toBeTruthy();
    expect(screen.getByText("There is no public room yet.")).toBeTruthy();
  });

  test("can be asked for again when it could not be read", async () => {
    const world = new World();
    world.server.refuseOnce("GET /v1/me/rooms", 503, "unavailable");
    const user = await show(await world.connect(), "/rooms");

    await user.click(within(list()).getByRole("button", { name: "Try again" }));
    await happening(() => {});

    expect(within(list()).getByRole("link", { name: "General" })).toBeTruthy();
  });
});

describe("a new room", () => {
  test("is created and shown", async () => {
    const world = await new World().connect();
    world.server.on("POST /v1/rooms", 201, { ...ROOM, title: "Garden" });
    const user = await show(world, "/rooms");

    await user.click(screen.getByRole("button", { name: "New room" }));
    await user.type(await screen.findByLabelText("Title"), "Garden");
    await user.click(screen.getByLabelText(/Private/));
    await user.click(screen.getByRole("button", { name: "Create room" }));

    const asked = world.server.asked.find(({ line }) => line === "POST /v1/rooms");
    expect(asked?.body).toEqual({ kind: "private", title: "Garden" });
    expect(window.location.pathname).toBe("/rooms/A");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  test("whose title is taken stays in question", async () => {
    const world = await new World().connect();
    world.server.refuse("POST /v1/rooms", 409, "title_taken");
    const user = await show(world, "/rooms");

    await user.click(screen.getByRole("button", { name: "New room" }));
    await user.type(await screen.findByLabelText("Title"), "General{Enter}");

    expect(screen.getByText("You have a room of this title already.")).toBeTruthy();
  });
});

describe("public rooms", () => {
  test("can be joined", async () => {
    const world = new World();
    const other = { ...ROOM, id: "B", title: "Music", role: null };
    await world.connect();
    world.server.on("GET /v1/rooms", 200, { items: [ROOM, other] });
    world.server.on("POST /v1/rooms/B/join", 204).on("GET /v1/rooms/B", 200, other);
    world.server.on("GET /v1/rooms/B/members", 200, { items: [] });
    const user = await show(world, "/rooms");
    await happening(() => {});

    const row = within(screen.getByRole("main")).getByText("Music").closest("li");
    await user.click(within(row as HTMLElement).getByRole("button", { name: "Join Music" }));

    expect(world.server.lines).toContain("POST /v1/rooms/B/join");
    expect(window.location.pathname).toBe("/rooms/B");
  });
});

describe("the connection", () => {
  afterEach(() => vi.useRealTimers());

  test("is told to all, and can be hurried", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const world = await new World().connect();
    const user = await show(world, "/rooms");
    const [said] = screen.getAllByRole("status");
    expect(said?.textContent).toBe("Connected");

    const retryAt = Date.now() + 9_000;
    await happening(() =>
      world.tell({ type: "status", status: { kind: "reconnecting", retryAt } }),
    );
    expect(said?.textContent).toMatch(/^Reconnecting\s*in 9 s$/);

    await user.click(screen.getByRole("button", { name: "Now" }));
    expect(world.client.happened.at(-1)).toEqual({ is: "wake" });
  });

  test("that another page has taken over can be taken back", async () => {
    const world = await new World().connect();
    const user = await show(world, "/rooms");

    await happening(() =>
      world.tell({ type: "status", status: { kind: "stopped", why: "replaced" } }),
    );
    await user.click(screen.getByRole("button", { name: "Reconnect" }));

    expect(world.client.happened.at(-1)).toEqual({ is: "start" });
  });
});

describe("a room without a connection", () => {
  test.each([
    [{ kind: "offline" }, /What you write is kept, and sent/],
    [{ kind: "stopped", why: "replaced" }, /Hubbub is open in too many places/],
    [{ kind: "stopped", why: "fault" }, /Load the page again/],
  ] as const)("says what goes and what does not: %j", async (status, advice) => {
    const world = await new World().connect();
    world.server.on(HISTORY, 200, { items: [], next_cursor: null });
    await show(world, "/rooms/A");
    expect(screen.queryByText(advice)).toBeNull();

    await happening(() => world.tell({ type: "status", status }));

    expect(screen.getByText(advice)).toBeTruthy();
  });
});

test("what goes without a connection stays said while it is tried again", async () => {
  const world = await new World().connect();
  world.server.on(HISTORY, 200, { items: [], next_cursor: null });
  await show(world, "/rooms/A");
  await happening(() => world.tell({ type: "status", status: { kind: "offline" } }));

  await happening(() => world.tell({ type: "status", status: { kind: "connecting" } }));
  expect(screen.getByText(/What you write is kept/)).toBeTruthy();

  await happening(() => world.tell({ type: "status", status: CONNECTED }));
  expect(screen.queryByText(/What you write is kept/)).toBeNull();
});

describe("what is not as usual", () => {
  const BLOCKED = "This network blocks live connections: messages come a little later.";
  const BUSY = "The server is busy: who is online may not be up to date.";

  test.each<[string, Partial<typeof CONNECTED>, string]>([
    ["a network without sockets", { way: "polls" }, BLOCKED],
    ["a server that is busy", { isBusy: true }, BUSY],
    ["one behind the other", { way: "polls", isBusy: true }, BLOCKED],
  ])("is said quietly of %s, and goes again", async (_, how, sentence) => {
    const world = await new World().connect();
    await show(world, "/rooms");
    const status = { ...CONNECTED, ...how };

    await happening(() => world.tell({ type: "status", status }));
    const note = screen.getByText(sentence);
    expect(note.getAttribute("role")).toBe("status");
    expect(screen.getAllByText("Connected").length).toBeGreaterThan(0);

    await happening(() => world.tell({ type: "status", status: CONNECTED }));
    expect(note.textContent).toBe("");
  });
});

test("logging out leads to the log-in", async () => {
  const world = await new World().connect();
  world.server.on("POST /v1/auth/logout", 204);
  const user = await show(world, "/rooms");

  await user.click(screen.getByRole("button", { name: "Log out" }));
  await settled();

  expect(screen.getByRole("heading", { name: "Log in" })).toBeTruthy();
});

test("a page that does not exist says so", async () => {
  await show(await new World().connect(), "/nowhere");

  expect(screen.getByText("There is no such page.")).toBeTruthy();
});

function head(unread: number) {
  const signal = { type: "room_head", room_id: "A", head_seq: 9, unread, mentions: 0 } as const;
  return { signal, message: messageOf(9) };
}
