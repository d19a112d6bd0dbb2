import { screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { ALICE, BOB } from "../support/frames.ts";
import { happening } from "../support/page.tsx";
import { roomWith } from "../support/room.tsx";
import { ROOM, World } from "../support/world.ts";

test("the members are listed, and the room can be left", async () => {
  const { world, user } = await roomWith([]);
  world.server.on("POST /v1/rooms/A/leave", 204);

  await user.click(screen.getByRole("button", { name: "Members, 1 online" }));
  const panel = screen.getByRole("complementary", { name: "Members" });
  expect(within(panel).getByRole("region", { name: "Online" }).textContent).toMatch(/Alice/);
  await user.click(within(panel).getByRole("button", { name: "Leave room" }));

  expect(world.server.lines).toContain("POST /v1/rooms/A/leave");
  expect(window.location.pathname).toBe("/rooms");
});

describe("people", () => {
  const bob = { kind: "user", id: "bob", name: "Bob" };

  test("are taken into a private room by its owner", async () => {
    const world = new World();
    world.server
      .on("GET /v1/rooms/A", 200, { ...ROOM, kind: "private", role: "owner" })
      .on("GET /v1/users", 200, { items: [ALICE, bob], next_cursor: null })
      .on("PUT /v1/rooms/A/members/bob", 200, {});
    const { user } = await roomWith([], world);
    await happening(() => world.tellJoined({ role: "owner" }));

    await user.click(screen.getByRole("button", { name: "Members, 1 online" }));
    await user.click(screen.getByRole("button", { name: "Add people" }));
    await happening(() => {});
    expect(screen.queryByRole("button", { name: "Add Alice" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Add Bob" }));
    await happening(() => {
      world.tellEvent(6, { type: "member_joined", person: BOB, role: "member" });
    });

    expect(world.server.lines).toContain("PUT /v1/rooms/A/members/bob");
    expect(screen.queryByRole("button", { name: "Add Bob" })).toBeNull();
  });

  test("come into a public room by themselves", async () => {
    const { user } = await roomWith([]);

    await user.click(screen.getByRole("button", { name: "Members, 1 online" }));

    expect(screen.queryByRole("button", { name: "Add people" })).toBeNull();
  });

  test("can be written to directly", async () => {
    const world = new World();
    const direct = { ...ROOM, id: "D", kind: "direct", title: "", people: [ALICE, BOB] };
    world.server
      .on("GET /v1/rooms/A/members", 200, { items: [{ person: bob, role: "member" }] })
      .on("POST /v1/direct", 201, direct)
      .on("GET /v1/rooms/D", 200, direct)
      .on("GET /v1/rooms/D/members", 200, { items: [] });
    const { user } = await roomWith([], world);

    await user.click(screen.getByRole("button", { name: "Members, 0 online" }));
    await user.click(screen.getByRole("button", { name: "Write to Bob" }));
    await happening(() => {});

    expect(window.location.pathname).toBe("/rooms/D");
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Bob");
    expect(screen.getByRole("textbox", { name: "Message" })).toBeTruthy();
  });
});
