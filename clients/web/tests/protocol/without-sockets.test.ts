import { describe, expect, test } from "vitest";
import { ClientWorld } from "../support/clientworld.ts";
import { hello, ready } from "../support/frames.ts";
import { settled } from "../support/world.ts";

describe("a client without sockets", () => {
  test("loads what polls when the first socket has failed, and opens it after the third", async () => {
    const world = new ClientWorld();
    world.letPoll();

    await world.fail();

    expect(world.sockets).toHaveLength(3);
    expect(world.polled).toHaveLength(1);
  });

  test("goes on trying sockets when there is nothing to poll with", async () => {
    const world = new ClientWorld();

    await world.fail();

    expect(world.polled).toEqual([]);
    expect(world.statuses.at(-1)).toBe("connecting");
  });

  /** A client that is connected over polls, and tries a socket beside them. */
  async function probing(): Promise<ClientWorld> {
    const world = new ClientWorld();
    world.letPoll();
    await world.fail();
    const [polled] = world.polled;
    polled?.ear.received(hello());
    polled?.ear.received(ready([], "r1"));
    world.client.happen({ is: "offline" });
    world.client.happen({ is: "wake" });
    return world;
  }

  test("leaves the socket that was only tried, and the polls, for a new one", async () => {
    const world = await probing();
    const tried = world.socket;

    tried.ear.received(hello());
    await settled();

    expect(tried.closedWith).toBe(1000);
    expect(world.polled[0]?.closedWith).toBe(1000);
    expect(world.socket).not.toBe(tried);
  });

  test("hears nothing of a socket that was only tried", async () => {
    const world = await probing();
    const heard = world.notices.length;

    world.socket.ear.closed(1006, "");
    world.socket.ear.received(hello());
    await settled();

    expect(world.notices).toHaveLength(heard);
    expect(world.polled[0]?.closedWith).toBeNull();
  });

  test("ends what was only tried when it stops", async () => {
    const world = await probing();

    world.client.happen({ is: "stop" });

    expect(world.socket.closedWith).toBe(1000);
    expect(world.polled[0]?.closedWith).toBe(1000);
  });
});
