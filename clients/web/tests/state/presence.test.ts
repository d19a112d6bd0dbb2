import { describe, expect, test } from "vitest";
import type { Presence } from "#protocol/frames.ts";
import { standingIn } from "#state/roster.ts";
import { localProblem } from "#wire/problem.ts";
import { ALICE, BOB } from "../support/frames.ts";
import { mine, myRooms } from "../support/http.ts";
import { opened, settled, type World } from "../support/world.ts";

function bob(state: Presence["state"], rev: number): Presence {
  return { person_id: "bob", state, last_seen: null, status_text: null, rev };
}

function tellPresence(world: World, presence: Presence): void {
  world.tell({ type: "signal", signal: { type: "presence", presence } });
}

function tellSnapshot(world: World, users: readonly Presence[], online_count: number | null): void {
  world.tell({ type: "signal", signal: { type: "roster", room_id: "A", users, online_count } });
}

function standing(world: World, personId = "bob") {
  return standingIn(world.conversation.roster, personId, world.state.presence[personId]);
}

describe("somebody in a room", () => {
  test("is here when the room says so, whatever was heard of them before", async () => {
    const world = await opened();
    tellPresence(world, bob("offline", 7));

    world.tellJoined({ online: ["alice", "bob"], online_count: 2 });

    expect(standing(world)).toBe("online");
  });

  test("is not here when the room does not name them, whatever was heard before", async () => {
    const world = await opened();
    tellPresence(world, bob("away", 7));

    world.tellJoined({ online: ["alice"], online_count: 1 });

    expect(standing(world)).toBe("offline");
  });

  test("is so in the way that the room says", async () => {
    const world = await opened();

    const states = [bob("dnd", 4)];
    world.tellJoined({ online: ["alice", "bob"], online_count: 2, states });

    expect(standing(world)).toBe("dnd");
  });

  test("changes after that only by newer news", async () => {
    const world = await opened();
    tellPresence(world, bob("offline", 7));
    world.tellJoined({ online: ["alice", "bob"], online_count: 2 });

    tellPresence(world, bob("offline", 7));
    expect(standing(world)).toBe("online");

    tellPresence(world, bob("dnd", 8));
    expect(standing(world)).toBe("dnd");
  });

  test("is told by a snapshot, which leaves nobody else here", async () => {
    const world = await opened();
    world.tellJoined({ online: ["alice", "charlie"], online_count: 2 });

    tellSnapshot(world, [bob("away", 3)], 1);

    expect(standing(world)).toBe("away");
    expect(standing(world, "charlie")).toBe("offline");
  });

  test("keeps newer news than a snapshot has", async () => {
    const world = await opened();
    tellPresence(world, bob("dnd", 9));

    tellSnapshot(world, [bob("online", 8)], 1);

    expect(standing(world)).toBe("dnd");
  });

  test("is unknown while the server does not know", async () => {
    const world = await opened();

    world.tellJoined({ online: [], online_count: null });
    expect(standing(world)).toBe("unknown");

    tellSnapshot(world, [bob("online", 3)], 1);
    expect(standing(world)).toBe("online");
  });

  test("is unknown in a room so large that only a number is told", async () => {
    const world = await opened();

    tellSnapshot(world, [], 4_000);

    expect(standing(world)).toBe("unknown");
    expect(world.conversation.roster.unnamed).toBe(4_000);
  });
});

describe("the reader", () => {
  test("is here in a room that they hear, unless they are invisible", async () => {
    const world = await opened();
    world.tellJoined({ online: [], online_count: 0 });
    expect(standing(world, "alice")).toBe("online");

    await world.app.attendance.choose("invisible", "");
    world.tellJoined({ online: [], online_count: 0 });
    expect(standing(world, "alice")).toBe("offline");
  });

  test("starts with what they chose before", async () => {
    const world = await opened();
    const ready = { type: "ready", person: ALICE, presence_state: "dnd", rooms: [] } as const;

    world.tell({ type: "ready", ready, limits: world.state.limits });

    expect(world.state.chosen).toBe("dnd");
  });

  test("chooses at once, and has it taken back when it is refused", async () => {
    const world = await opened();

    const choosing = world.app.attendance.choose("away", "Lunch");
    expect(world.state.chosen).toBe("away");
    expect(await choosing).toBe(true);
    const data = { state: "away", status_text: "Lunch" };
    expect(world.client.orders.at(-1)).toEqual({ type: "set_presence", data });
    expect(world.state.statusText).toBe("Lunch");

    world.client.answer = { ok: false, problem: localProblem("unavailable", "Not now.") };
    expect(await world.app.attendance.choose("dnd", "Lunch")).toBe(false);
    expect(world.state.chosen).toBe("away");
    expect(world.state.complaints[0]?.sentence).toBe("Not now.");
  });
});

describe("the reader's own words", () => {
  const alice: Presence = { ...bob("away", 3), person_id: "alice", status_text: "Lunch" };

  test("are known from what the server tells of them, in either form", async () => {
    const world = await opened();

    tellPresence(world, alice);
    expect(world.state.statusText).toBe("Lunch");

    tellSnapshot(world, [{ ...alice, status_text: null, rev: 4 }], 1);
    expect(world.state.statusText).toBe("");
  });

  test("are not forgotten while they are invisible", async () => {
    const world = await opened();
    tellPresence(world, alice);

    tellPresence(world, { ...alice, state: "offline", status_text: null, rev: 4 });

    expect(world.state.statusText).toBe("Lunch");
  });
});

describe("the people of direct rooms", () => {
  const direct = { id: "D", kind: "direct", title: "", topic: "", role: "member" };
  const seen = { person_id: "bob", state: "away", last_seen: null, status_text: "Tea" };

  async function withDirect(items: readonly object[]): Promise<World> {
    const world = await opened();
    world.server.on("GET /v1/me/rooms", 200, myRooms(mine({ ...direct, people: [ALICE, BOB] })));
    world.server.on("GET /v1/presence", 200, { items });
    const ready = { type: "ready", person: ALICE, presence_state: "online", rooms: [] } as const;
    world.tell({ type: "ready", ready, limits: world.state.limits });
    await settled(); // The list of rooms.
    await settled(); // And then who is in them.
    return world;
  }

  test("are asked for on every connection", async () => {
    const world = await withDirect([seen]);

    expect(world.server.lines).toContain("GET /v1/presence?user_ids=alice&user_ids=bob");
    expect(world.state.presence.bob).toMatchObject({ state: "away", status_text: "Tea" });
  });

  test("of whom nothing is known have no presence at all", async () => {
    const world = await withDirect([{ ...seen, state: "unknown" }]);

    expect(world.state.presence.bob).toBeUndefined();
  });
});
