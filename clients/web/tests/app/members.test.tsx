import { screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { sentenceFor } from "#app/conversation/Typing.tsx";
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

describe("how people are", () => {
  const bob = { kind: "user", id: "bob", name: "Bob" };

  async function withBob() {
    const world = new World();
    const items = [ALICE, bob].map((person) => ({ person, role: "member" }));
    world.server.on("GET /v1/rooms/A/members", 200, { items });
    const shown = await roomWith([], world);
    await shown.user.click(screen.getByRole("button", { name: /^Members/ }));
    return shown;
  }

  function region(name: string): HTMLElement {
    return screen.getByRole("region", { name });
  }

  test("is said in words, not in colour alone", async () => {
    const { world } = await withBob();
    expect(within(region("Offline")).getByText("Bob").textContent).toBe("Bob, Offline");

    const told = { person_id: "bob", last_seen: null, status_text: "On the train", rev: 2 };
    const presence = { ...told, state: "dnd" } as const;
    await happening(() => world.tell({ type: "signal", signal: { type: "presence", presence } }));

    expect(within(region("Online")).getByText("Bob").textContent).toBe("Bob, Do not disturb");
    expect(within(region("Online")).getByText("On the train")).toBeTruthy();
  });

  test("is not claimed while the server does not know", async () => {
    const { world } = await withBob();

    await happening(() => world.tellJoined({ online: [], online_count: null }));

    expect(within(region("Everybody")).getByText("Bob").textContent).toBe("Bob, Presence unknown");
    expect(screen.queryByRole("region", { name: "Offline" })).toBeNull();
    expect(screen.getByRole("button", { name: "Members" })).toBeTruthy();
  });

  test("is a number in a room of very many", async () => {
    const { world } = await withBob();

    const signal = { type: "roster", room_id: "A", users: [], online_count: 4_000 } as const;
    await happening(() => world.tell({ type: "signal", signal }));

    expect(screen.getByRole("button", { name: "Members, 4,000 online" })).toBeTruthy();
    expect(screen.queryByRole("region", { name: "Offline" })).toBeNull();
  });
});

test("the panel is closed with Escape, and the focus is where it was", async () => {
  const { user } = await roomWith([]);
  const opener = screen.getByRole("button", { name: "Members, 1 online" });
  await user.click(opener);
  screen.getByRole("button", { name: "Close members" }).focus();

  await user.keyboard("{Escape}");

  expect(screen.queryByRole("complementary", { name: "Members" })).toBeNull();
  expect(document.activeElement).toBe(opener);
});

test.each([
  [["Bob"], "Bob is typing"],
  [["Bob", "Dora"], "Bob and Dora are typing"],
  [["Bob", "Dora", "Erik"], "Bob, Dora and Erik are typing"],
  [["Bob", "Dora", "Erik", "Finn"], "Bob, Dora and 2 others are typing"],
])("%j: %s", (names, sentence) => {
  expect(sentenceFor(names)).toBe(sentence);
});
