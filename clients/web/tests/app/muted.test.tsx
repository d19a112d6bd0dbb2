import { screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import "#app/guest/GuestPage.tsx";
import "#app/guest/GuestRoom.tsx";
import { GUEST_ROOM, worldWithDoor } from "../support/guest.ts";
import { happening, show } from "../support/page.tsx";

const NOON = Date.parse("2026-03-01T12:00:00Z");

afterEach(() => vi.useRealTimers());

test("who is muted and loads the page again is told at once, until it is over", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true, toFake: ["setInterval", "clearInterval"] });
  const world = worldWithDoor();
  world.now = NOON;
  const mute = { is_muted: true, muted_until: "2026-03-01T12:00:30Z" };
  world.server.on("GET /v1/rooms/A", 200, { ...GUEST_ROOM, ...mute });
  const user = await show(world, "/g/sunday");
  await user.type(await screen.findByLabelText("Your name"), "Robin");
  await user.click(screen.getByRole("button", { name: "Come in" }));

  expect(await screen.findByText(/^You are muted until/)).toBeTruthy();
  await happening(() => world.tellJoined({ role: "guest", online: ["guest-1"] }));
  expect(screen.queryByRole("textbox", { name: "Message" })).toBeNull();
  expect(screen.queryByText("Say hello.")).toBeNull();

  world.now += 30_000;
  await happening(() => vi.advanceTimersByTime(1_000));
  expect(screen.getByRole("textbox", { name: "Message" })).toBeTruthy();
  expect(screen.getByText("Say hello.")).toBeTruthy();
});
