import { describe, expect, test } from "vitest";
import { ROOM, settled, World } from "../support/world.ts";

describe("the rooms", () => {
  test("are read on every connection", async () => {
    const world = await new World().connect();

    expect(world.state).toMatchObject({
      roomsLoading: { phase: "ready" },
      rooms: { A: { room: ROOM } },
    });
  });

  test("are read over HTTP when no socket gets through", async () => {
    const world = await new World().logIn();

    world.tell({ type: "status", status: { kind: "reconnecting", retryAt: 5 } });
    await settled();

    expect(Object.keys(world.state.rooms)).toEqual(["A"]);
  });

  test("say why they could not be read", async () => {
    const world = new World();
    world.server.refuse("GET /v1/me/unread", 503, "unavailable");

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
    const other = { ...ROOM, id: "B", kind: "public", role: null } as const;
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
});
