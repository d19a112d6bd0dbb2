import { describe, expect, test } from "vitest";
import { ClientWorld } from "../support/clientworld.ts";
import { ack, joined, ready } from "../support/frames.ts";

describe("a client", () => {
  test("connects with a token in its first frame", async () => {
    const world = new ClientWorld();

    await world.connect();

    expect(world.socket.sent[0]).toMatchObject({ type: "auth", data: { token: "abc" } });
    expect(world.statuses).toEqual(["connecting", "connected"]);
  });

  test("comes back by its timer after a cut", async () => {
    const world = new ClientWorld();
    await world.connect();

    world.socket.ear.closed(1006, "");
    world.ring();
    await world.opened();
    world.greet("r2");

    expect(world.sockets).toHaveLength(2);
    expect(world.statuses).toEqual([
      "connecting",
      "connected",
      "reconnecting",
      "connecting",
      "connected",
    ]);
  });

  test("hears no more of a socket that it has left", async () => {
    const world = new ClientWorld();
    await world.connect();
    const left = world.socket;

    world.client.happen({ is: "stop" });
    const heard = world.notices.length;
    left.ear.received(ready());
    left.ear.closed(1006, "");

    expect(left.closedWith).toBe(1000);
    expect(world.notices).toHaveLength(heard);
    expect(world.timer).toBeNull();
  });

  test("says that the session has ended when there is no token", async () => {
    const world = new ClientWorld();
    world.token = Promise.resolve(null);

    world.client.happen({ is: "start" });
    await world.opened();

    expect(world.notices).toContainEqual({ type: "signed_out" });
  });

  test("tries again when a token cannot be had now", async () => {
    const world = new ClientWorld();
    world.token = Promise.reject(new Error("no network"));

    world.client.happen({ is: "start" });
    await world.opened();

    expect(world.statuses).toEqual(["connecting", "reconnecting"]);
  });

  test("returns the answer to a command", async () => {
    const world = new ClientWorld();
    await world.connect();
    const data = { room_id: "A", message_id: "m1" };

    const answer = world.client.ask({ type: "delete_message", data });
    world.socket.ear.received(ack(world.socket.sent.at(-1)?.ref ?? "", { seq: 4 }));

    expect(await answer).toEqual({ ok: true, reply: { type: "ack", seq: 4 } });
  });

  test("refuses a command at once when there is no connection", async () => {
    const world = new ClientWorld();

    const data = { room_id: "A", message_id: "m1" };
    const answer = await world.client.ask({ type: "delete_message", data });

    expect(answer).toMatchObject({ ok: false, problem: { code: "disconnected" } });
  });

  test("tells in order what listeners cause while they listen", async () => {
    const world = new ClientWorld();
    world.onNotice = (notice) => {
      if (notice.type === "ready") world.client.wish({ is: "attach", room_id: "A" });
    };

    await world.connect();
    world.socket.ear.received(joined("r2", "A", 7));

    expect(world.socket.sent.map(({ type }) => type)).toEqual(["auth", "join_room"]);
    expect(world.notices.map(({ type }) => type)).toEqual([
      "status",
      "clock",
      "ready",
      "status",
      "reload",
      "joined",
    ]);
  });

  test("tells how far a room was read, at most twice a second", async () => {
    const world = new ClientWorld();
    await world.connect();

    for (const seq of [3, 4, 5]) world.client.wish({ is: "read", room_id: "A", seq });
    world.ring();

    const reads = world.socket.sent.filter(({ type }) => type === "read");
    expect(reads.map(({ data }) => data)).toEqual([
      { room_id: "A", seq: 3 },
      { room_id: "A", seq: 5 },
    ]);
  });
});
