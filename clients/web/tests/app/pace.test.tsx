/** How often and how long somebody may write is said where they write. */

import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { clockOf } from "#app/conversation/time.ts";
import "#app/guest/GuestPage.tsx";
import { door, worldWithDoor } from "../support/guest.ts";
import { unsent } from "../support/messages.ts";
import { happening, show } from "../support/page.tsx";
import { log, roomWith } from "../support/room.tsx";
import { CONNECTED, ROOM, World } from "../support/world.ts";

/** Room A with something special about it. */
function worldOf(other: object): World {
  const world = new World();
  world.server.on("GET /v1/rooms/A", 200, { ...ROOM, ...other });
  return world;
}

test("a slow room says how long its members wait, and what waits for that", async () => {
  const { world } = await roomWith([], worldOf({ slow_mode_s: 300 }));
  await happening(() => {
    world.tell({ type: "status", status: CONNECTED });
    world.tell({ type: "outbox", items: [unsent("x")] });
  });

  const box = screen.getByRole("textbox", { name: "Message" });
  const said = document.getElementById(box.getAttribute("aria-describedby") ?? "");
  expect(said?.textContent).toBe("After each message you wait 5 minutes.");
  expect(within(log()).getByText("Waiting for its turn")).toBeTruthy();
});

test("a slow room does not slow down those who look after it", async () => {
  const { world } = await roomWith([], worldOf({ slow_mode_s: 300 }));
  await happening(() => world.tellJoined({ role: "admin" }));

  expect(screen.getByRole("textbox", { name: "Message" })).toBeTruthy();
  expect(screen.queryByText(/you wait/)).toBeNull();
});

test("a facilitator sees in the room for how long it is open still", async () => {
  const world = worldOf({ kind: "guest", role: "owner", closes_at: "2026-03-01T13:00:00Z" });
  world.now = Date.parse("2026-03-01T12:20:00Z");

  await roomWith([], world);

  expect(screen.getByText("40 min left")).toBeTruthy();
});

test("a facilitator is not told of time that is left of a room that is closed", async () => {
  const closed = { kind: "guest", role: "owner", state: "closed" };

  await roomWith([], worldOf({ ...closed, closes_at: "2026-03-01T13:00:00Z" }));

  expect(screen.getByText("This room is closed. What was said can still be read.")).toBeTruthy();
  expect(screen.queryByText(/left$|^Time is up/)).toBeNull();
});

test("the hours of a room are told with the time zone in which they are meant", async () => {
  const opensAt = "2026-03-01T12:00:00Z";
  const parts = new Intl.DateTimeFormat("en", { timeZoneName: "short" });
  const zone = parts.formatToParts(new Date(opensAt)).find(({ type }) => type === "timeZoneName");

  await show(worldWithDoor(door({ state: "scheduled", opens_at: opensAt })), "/g/sunday");

  expect((await screen.findByText(/^on /)).textContent).toContain(zone?.value);
});

test.each([{ is_locked: true }, { is_full: true }])(
  "a door through which nobody comes is not said to be open: %j",
  async (other) => {
    await show(worldWithDoor(door(other)), "/g/sunday");

    await screen.findByRole("button", { name: "Look again" });
    expect(screen.queryByText("The room is open.")).toBeNull();
  },
);

test("nine o'clock has no nought before it where people write AM", () => {
  expect(clockOf(new Date(2026, 2, 1, 9, 5).toISOString())).not.toMatch(/^0\d.*AM$/i);
});
