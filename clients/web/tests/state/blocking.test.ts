/** Whom the reader has blocked, here or on another device of theirs. */

import { describe, expect, test } from "vitest";
import { settled, World } from "../support/world.ts";

const BLOCKS = "GET /v1/blocks";
const BOB = { person: { kind: "user", id: "bob", name: "Bob" }, since: "2026-03-01T10:00:00Z" };

function listOf(...items: readonly object[]): object {
  return { items, next_cursor: null };
}

function askedIn(world: World): number {
  return world.server.lines.filter((line) => line.startsWith(BLOCKS)).length;
}

describe("who was blocked on another device", () => {
  test("is blocked here as soon as the page is looked at again", async () => {
    const world = await new World().connect();
    world.server.on(BLOCKS, 200, listOf(BOB));

    world.app.sense("wake");
    await settled();

    expect([...world.state.blocked]).toEqual(["bob"]);
  });

  test("stays so while the server cannot be asked", async () => {
    const world = new World();
    world.server.on(BLOCKS, 200, listOf(BOB));
    await world.connect();
    world.server.isReachable = false;

    world.app.sense("wake");
    await settled();

    expect([...world.state.blocked]).toEqual(["bob"]);
  });

  test("is asked for by nobody who is out", async () => {
    const world = new World();

    world.app.sense("wake");
    await settled();

    expect(askedIn(world)).toBe(0);
  });
});

test("an answer from before a block does not take it back", async () => {
  const world = await new World().connect();
  let answer = (_: { status: number; body: object }): void => {};
  world.server
    .on("PUT /v1/blocks/bob", 204)
    .serve(BLOCKS, () => new Promise((resolve) => (answer = resolve)));
  world.app.sense("wake");
  await settled();

  await world.app.blocking.set("bob", true);
  answer({ status: 200, body: listOf() });
  await settled();

  expect([...world.state.blocked]).toEqual(["bob"]);
});
