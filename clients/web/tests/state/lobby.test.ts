import { describe, expect, test } from "vitest";
import { BOB } from "../support/frames.ts";
import { mine } from "../support/http.ts";
import { ROOM, settled, World } from "../support/world.ts";

describe("the rooms", () => {
  test("are read on every connection", async () => {
    const world = await new World().connect();

    expect(world.state).toMatchObject({
      roomsLoading: { phase: "ready" },
      rooms: { A: { room: ROOM } },
    });
  });

  test("are all heard from then on, the most active first", async () => {
    const world = new World();
    const [a, b, c] = ["A", "B", "C"].map((id) => mine({ ...ROOM, id }));
    world.server
      .once("GET /v1/me/rooms", 200, { items: [b, a], next_cursor: "p2" })
      .on("GET /v1/me/rooms", 200, { items: [c], next_cursor: null });

    await world.connect();

    const follows = world.client.wishes.flatMap((wish) =>
      wish.is === "follow" ? wish.room_ids : [],
    );
    expect(follows).toEqual(["B", "A", "C"]);
    expect(Object.keys(world.state.rooms).sort()).toEqual(["A", "B", "C"]);
  });

  test("are read over HTTP when no socket gets through", async () => {
    const world = await new World().logIn();

    world.tell({ type: "status", status: { kind: "reconnecting", retryAt: 5 } });
    await settled();

    expect(Object.keys(world.state.rooms)).toEqual(["A"]);
  });

  test("say why they could not be read", async () => {
    const world = new World();
    world.server.refuse("GET /v1/me/rooms", 503, "unavailable");

    await world.connect();

    expect(world.state.roomsLoading).toMatchObject({ problem: { code: "unavailable" } });
  });

  test("grow by one that was created", async () => {
    const world = await new World().connect();
    world.server.on("POST /v1/rooms", 201, { ...ROOM, id: "B", role: null });

    const made = await world.app.lobby.create({ kind: "public", title: "T", topic: "" }, "k1");

    expect(made).toMatchObject({ id: "B" });
    expect(world.state.rooms.B).toMatchObject({ room: { role: "owner" } });
  });

  test("do not grow by one that was refused", async () => {
    const world = await new World().connect();
    world.server.refuse("POST /v1/rooms", 409, "title_taken");

    const made = await world.app.lobby.create({ kind: "public", title: "T", topic: "" }, "k1");

    expect(made).toMatchObject({ code: "title_taken" });
  });

  test("grow and shrink by joining, leaving, and by what others do", async () => {
    const world = await new World().connect();
    const other = { ...ROOM, id: "B", role: null };
    world.server.on("POST /v1/rooms/B/join", 204).on("POST /v1/rooms/B/leave", 204);

    expect(await world.app.lobby.join(other)).toBe(true);
    expect(world.state.rooms.B).toMatchObject({ room: { role: "member" } });
    expect(await world.app.lobby.leave("B")).toBe(true);
    expect(world.state.rooms.B).toBeUndefined();

    world.tell({ type: "signal", signal: { type: "room_added", room: { ...other, id: "C" } } });
    expect(world.state.rooms.C).toBeDefined();
    world.tell({
      type: "signal",
      signal: { type: "room_removed", room_id: "C", reason: "banned" },
    });
    expect(world.state.rooms.C).toBeUndefined();
  });

  test("that are direct are asked who is in them", async () => {
    const world = await new World().connect();
    const direct = { ...ROOM, id: "D", kind: "direct", title: "" } as const;
    world.server.on("GET /v1/rooms/D", 200, { ...direct, people: [BOB] });

    world.tell({ type: "signal", signal: { type: "room_added", room: direct } });
    await settled();

    expect(world.client.wishes.at(-1)).toEqual({ is: "follow", room_ids: ["D"] });
    expect(world.state.rooms.D?.room.people).toEqual([BOB]);
  });
});
