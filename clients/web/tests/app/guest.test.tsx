import { cleanup, screen } from "@testing-library/react";
import { afterEach, describe, expect, test, vi } from "vitest";
import { countdownOf } from "#app/guest/countdown.ts";
import { anotherAlias } from "#app/guest/refusals.ts";
import "#app/guest/GuestPage.tsx";
import "#app/guest/GuestRoom.tsx";
import {
  DOOR_LINE,
  door,
  ENTER_LINE,
  guestIn,
  LEAVE_LINE,
  REFRESH_LINE,
  worldWithDoor,
} from "../support/guest.ts";
import { historyItem } from "../support/http.ts";
import { happening, show } from "../support/page.tsx";
import { bodyOf } from "../support/settings.ts";
import { CONNECTED } from "../support/world.ts";

const NOON = Date.parse("2026-03-01T12:00:00Z");

afterEach(() => vi.useRealTimers());

async function comeIn(world = worldWithDoor()) {
  const user = await show(world, "/g/sunday");
  await user.type(await screen.findByLabelText("Your name"), "Robin");
  await user.click(screen.getByRole("button", { name: "Come in" }));
  await screen.findByRole("textbox", { name: "Message" });
  await happening(() => {
    world.tell({ type: "status", status: CONNECTED });
    world.tellJoined({ role: "guest", online: ["guest-1"] });
  });
  return { world, user };
}

describe("the door", () => {
  test("takes a name, and the next thing that is written is a message", async () => {
    const { world } = await comeIn();

    expect(bodyOf(world, ENTER_LINE)).toMatchObject({ alias: "Robin" });
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Sunday question");
    expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Message" }));
    expect(world.server.lines.filter((line) => line.includes("/v1/me"))).toEqual([]);
  });

  test("asks for a password where there is one, and says when it is wrong", async () => {
    const world = worldWithDoor(door({ has_password: true }));
    world.server.refuseOnce(ENTER_LINE, 401, "invalid_password", { retry_after_ms: 90_000 });
    const user = await show(world, "/g/sunday");

    await user.type(await screen.findByLabelText("Your name"), "Robin");
    await user.type(screen.getByLabelText("Password"), "wrong");
    await user.click(screen.getByRole("button", { name: "Come in" }));

    expect(screen.getByText("That is not the password. Try again in 1 min 30 s.")).toBeTruthy();
    expect(bodyOf(world, ENTER_LINE)).toMatchObject({ password: "wrong" });
  });

  test("lets somebody in by another name where theirs is taken, with one press", async () => {
    const world = worldWithDoor();
    world.server.refuseOnce(ENTER_LINE, 409, "alias_taken");
    const user = await show(world, "/g/sunday");
    await user.type(await screen.findByLabelText("Your name"), "Robin");
    await user.click(screen.getByRole("button", { name: "Come in" }));

    await user.click(screen.getByRole("button", { name: "Come in as Robin 2" }));

    expect(bodyOf(world, ENTER_LINE)).toMatchObject({ alias: "Robin 2" });
    expect(await screen.findByRole("textbox", { name: "Message" })).toBeTruthy();
  });

  test("says nothing more of a name once another one is written", async () => {
    const world = worldWithDoor();
    world.server.refuseOnce(ENTER_LINE, 409, "alias_taken");
    const user = await show(world, "/g/sunday");
    await user.type(await screen.findByLabelText("Your name"), "Robin");
    await user.click(screen.getByRole("button", { name: "Come in" }));

    await user.type(screen.getByLabelText("Your name"), " Hood");

    expect(screen.queryByText(/is called so/)).toBeNull();
    expect(screen.queryByRole("button", { name: /^Come in as/ })).toBeNull();
  });

  test("invites nobody to be nearly the facilitator", async () => {
    const world = worldWithDoor();
    world.server.refuseOnce(ENTER_LINE, 409, "alias_taken");
    const user = await show(world, "/g/sunday");
    await user.type(await screen.findByLabelText("Your name"), "fay");
    await user.click(screen.getByRole("button", { name: "Come in" }));

    expect(screen.getByText(/is called so/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: /^Come in as/ })).toBeNull();
  });

  test.each([
    [{ state: "closed" }, /This room has closed/],
    [{ is_locked: true }, /The door is locked/],
    [{ is_full: true }, /The room is full/],
  ])("says that nobody comes in: %j", async (other, words) => {
    await show(worldWithDoor(door(other)), "/g/sunday");

    expect(await screen.findByText(words)).toBeTruthy();
    expect(screen.queryByLabelText("Your name")).toBeNull();
  });

  test("that leads nowhere says so", async () => {
    const world = worldWithDoor();
    world.server.refuse(DOOR_LINE, 404, "not_found");

    await show(world, "/g/sunday");

    expect(await screen.findByRole("heading", { name: "There is no such room." })).toBeTruthy();
  });

  test("is asked again when the server could not be reached", async () => {
    const world = worldWithDoor();
    world.server.isReachable = false;
    const user = await show(world, "/g/sunday");
    await screen.findByRole("heading", { name: /^The server cannot be reached/ });

    world.server.isReachable = true;
    await user.click(screen.getByRole("button", { name: "Try again" }));

    expect(await screen.findByLabelText("Your name")).toBeTruthy();
  });
});

test("who is early waits for the server's clock, and is let in by it", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true, toFake: ["setInterval", "clearInterval"] });
  const times = { opens_at: "2026-03-01T12:00:00Z", server_time: "2026-03-01T11:58:30Z" };
  const world = worldWithDoor(door({ state: "scheduled", ...times }));
  world.now = NOON - 3_600_000; // This clock is an hour and a half behind.
  await show(world, "/g/sunday");
  expect((await screen.findByRole("timer")).textContent).toBe("1 min 30 s");

  world.now += 90_000;
  await happening(() => vi.advanceTimersByTime(1_000));

  expect(await screen.findByLabelText("Your name")).toBeTruthy();
  expect(world.server.lines.filter((line) => line === DOOR_LINE)).toHaveLength(1);
});

describe("a guest", () => {
  test("is still in after the page is loaded again", async () => {
    const { world } = await comeIn();
    cleanup();

    await show(world, "/g/sunday");

    expect(await screen.findByRole("textbox", { name: "Message" })).toBeTruthy();
    expect(bodyOf(world, REFRESH_LINE)).toEqual({ refresh_token: "r1" });
  });

  test("is asked in another tab whether it is still them", async () => {
    const { world } = await comeIn();
    cleanup();
    window.sessionStorage.clear();
    const user = await show(world, "/g/sunday");

    await user.click(await screen.findByRole("button", { name: "Go on as Robin" }));

    expect(await screen.findByRole("textbox", { name: "Message" })).toBeTruthy();
  });

  test("leaves, reads on, and nothing of them stays in the browser", async () => {
    const world = worldWithDoor();
    world.server.on("GET /v1/rooms/A/messages", 200, {
      items: [historyItem(1)],
      next_cursor: null,
    });
    const { user } = await comeIn(world);

    await user.click(screen.getByRole("button", { name: "Leave room" }));
    await user.click(screen.getByRole("button", { name: "Leave" }));

    expect(world.server.lines).toContain(LEAVE_LINE);
    expect(screen.getByRole("alert").textContent).toMatch(/^You have left this room/);
    expect(screen.getByText("message 1")).toBeTruthy();
    expect(window.localStorage.getItem("hubbub.guest.sunday")).toBeNull();
  });

  test("who comes in again need not write their name again", async () => {
    const { user } = await comeIn();
    await user.click(screen.getByRole("button", { name: "Leave room" }));
    await user.click(screen.getByRole("button", { name: "Leave" }));
    expect(document.activeElement).toBe(screen.getByRole("alert"));

    await user.click(screen.getByRole("button", { name: "Come in again" }));

    expect(await screen.findByDisplayValue("Robin")).toBe(screen.getByLabelText("Your name"));
  });

  test("who is muted is told, and writes again when it is over", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true, toFake: ["setInterval", "clearInterval"] });
    const { world } = await comeIn();
    world.now = NOON;
    const signal = { type: "muted", room_id: "A", is_muted: true } as const;

    const until = "2026-03-01T12:00:30Z";
    await happening(() => world.tell({ type: "signal", signal: { ...signal, until } }));
    expect(screen.getByText(/^You are muted until/)).toBeTruthy();
    expect(screen.queryByRole("textbox", { name: "Message" })).toBeNull();

    world.now += 30_000;
    await happening(() => vi.advanceTimersByTime(1_000));
    expect(screen.getByRole("textbox", { name: "Message" })).toBeTruthy();
  });

  test("who is muted for good is told when that was taken back", async () => {
    const { world } = await comeIn();
    const signal = { type: "muted", room_id: "A", until: null } as const;
    const tell = (is_muted: boolean) =>
      happening(() => world.tell({ type: "signal", signal: { ...signal, is_muted } }));

    await tell(true);
    expect(screen.getByText(/^You are muted:/)).toBeTruthy();

    await tell(false);
    expect(screen.getByRole("textbox", { name: "Message" })).toBeTruthy();
  });

  test("who is removed reads on, and writes no more", async () => {
    const { world } = await comeIn();

    const signal = { type: "room_removed", room_id: "A", reason: "removed" } as const;
    await happening(() => world.tell({ type: "signal", signal }));
    await happening(() => world.tell({ type: "signed_out" }));

    expect(screen.getByRole("alert").textContent).toMatch(/^You were removed from this room/);
    expect(screen.queryByRole("textbox", { name: "Message" })).toBeNull();
    expect(screen.getByRole("button", { name: "Come in again" })).toBeTruthy();
  });

  test("is told that the room has closed", async () => {
    const { world } = await comeIn();
    world.server.on(DOOR_LINE, 200, door({ state: "closed" }));

    await happening(() => world.tell({ type: "signed_out" }));

    expect(screen.getByRole("alert").textContent).toMatch(/^This room has closed/);
    expect(screen.queryByRole("button", { name: "Come in again" })).toBeNull();
  });

  test("sees the room and no list of others", async () => {
    await comeIn();

    expect(screen.queryByRole("navigation", { name: "Rooms" })).toBeNull();
    expect(screen.getByRole("button", { name: "Members, 1 online" })).toBeTruthy();
  });
});

test("whoever opened the room is led to it", async () => {
  const world = worldWithDoor();
  await world.logIn();
  world.server.on("GET /v1/rooms", 200, { items: [{ ...guestRoom(), slug: "sunday" }] });

  await show(world, "/g/sunday");

  const link = await screen.findByRole("link", { name: "Open it as yourself" });
  expect(link.getAttribute("href")).toBe("/rooms/A");
});

function guestRoom(): object {
  return Reflect.get(guestIn(), "room");
}

test.each([
  [0, "0 s"],
  [1, "1 s"],
  [59_001, "1 min 0 s"],
  [3_725_000, "1 h 2 min"],
  [100_000_000, "1 d 3 h"],
])("%d ms are %s", (left, words) => {
  expect(countdownOf(left)).toBe(words);
});

test.each([
  ["Robin", "Robin 2"],
  ["Robin 2", "Robin 3"],
  ["R2 D2", "R2 D2 2"],
])("beside %s there is room for %s", (alias, other) => {
  expect(anotherAlias(alias)).toBe(other);
});
