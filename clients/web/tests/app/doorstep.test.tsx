import { screen } from "@testing-library/react";
import { afterEach, describe, expect, test, vi } from "vitest";
import "#app/guest/GuestPage.tsx";
import "#app/guest/GuestRoom.tsx";
import { DOOR_LINE, door, worldWithDoor } from "../support/guest.ts";
import { happening, show } from "../support/page.tsx";
import type { World } from "../support/world.ts";

afterEach(() => vi.useRealTimers());

/** The door says something else from now on, and the time to look at it has come. */
async function later(world: World, said: object): Promise<void> {
  world.server.on(DOOR_LINE, 200, said);
  await happening(() => world.timers.at(-1)?.());
}

describe("who stands at the door", () => {
  test("learns beforehand what they will be asked for", async () => {
    const times = { opens_at: "2026-03-01T12:00:00Z", state: "scheduled" };
    await show(worldWithDoor(door({ ...times, has_password: true })), "/g/sunday");

    expect(await screen.findByText(/asks for a name, and for the password/)).toBeTruthy();
  });

  test.each([{ is_locked: true }, { is_full: true }, { state: "closed" }])(
    "comes in when that is so no more: %j",
    async (other) => {
      const world = worldWithDoor(door(other));
      await show(world, "/g/sunday");
      await screen.findByRole("button", { name: "Look again" });

      await later(world, door());

      expect(await screen.findByLabelText("Your name")).toBeTruthy();
    },
  );

  test("is not told that it has closed where it was given more time", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true, toFake: ["setInterval", "clearInterval"] });
    const world = worldWithDoor(door({ closes_at: "2026-03-01T10:00:10Z" }));
    await show(world, "/g/sunday");
    await screen.findByLabelText("Your name");
    world.now += 11_000;
    await happening(() => vi.advanceTimersByTime(1_000));
    expect(screen.getByText(/This room has closed/)).toBeTruthy();

    const said = { closes_at: "2026-03-01T10:15:00Z", server_time: "2026-03-01T10:00:11Z" };
    await later(world, door(said));

    expect(screen.getByLabelText("Your name")).toBeTruthy();
  });

  test("goes on with what was written while the page looks", async () => {
    const world = worldWithDoor();
    const user = await show(world, "/g/sunday");
    await user.type(await screen.findByLabelText("Your name"), "Rob");

    await later(world, door({ closes_at: "2026-03-01T11:00:00Z" }));

    expect(screen.getByDisplayValue("Rob")).toBeTruthy();
    expect(screen.getByText(/^Open until/)).toBeTruthy();
  });

  test("is told when the room was deleted meanwhile", async () => {
    const world = worldWithDoor();
    await show(world, "/g/sunday");
    await screen.findByLabelText("Your name");

    world.server.refuse(DOOR_LINE, 404, "not_found");
    await happening(() => world.timers.at(-1)?.());

    expect(screen.getByRole("heading", { name: "There is no such room." })).toBeTruthy();
  });

  test("stays there while the server cannot be asked", async () => {
    const world = worldWithDoor();
    await show(world, "/g/sunday");
    await screen.findByLabelText("Your name");

    world.server.isReachable = false;
    await happening(() => world.timers.at(-1)?.());

    expect(screen.getByLabelText("Your name")).toBeTruthy();
  });

  test("sees the door by itself when the network is back", async () => {
    const world = worldWithDoor();
    world.server.isReachable = false;
    await show(world, "/g/sunday");
    await screen.findByRole("heading", { name: /^The server cannot be reached/ });

    world.server.isReachable = true;
    await happening(() => window.dispatchEvent(new Event("online")));

    expect(await screen.findByLabelText("Your name")).toBeTruthy();
  });
});
