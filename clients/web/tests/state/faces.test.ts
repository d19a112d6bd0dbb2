import { expect, test } from "vitest";
import { settled, World } from "../support/world.ts";

const PATH = "/v1/users/bob/avatar?v=3";
const BOB = { id: "bob", name: "Bob", avatar: PATH };

async function shown(...ids: readonly string[]): Promise<World> {
  const world = await new World().logIn();
  world.server.on("GET /v1/users", 200, { items: [BOB], next_cursor: null });
  for (const id of ids) world.app.faces.want(id);
  world.timers.at(-1)?.();
  await settled();
  return world;
}

function questions(world: World): string[] {
  return world.server.lines.filter((line) => line.startsWith("GET /v1/users"));
}

test("all who are drawn at once are asked about at once", async () => {
  const world = await shown("bob", "carol", "bob");

  expect(questions(world)).toEqual(["GET /v1/users?ids=bob&ids=carol"]);
  expect(world.state.faces).toEqual({ bob: PATH, carol: null });
});

test("who is known is not asked about again, until they have another picture", async () => {
  const world = await shown("bob");
  world.app.faces.want("bob");
  expect(questions(world)).toHaveLength(1);

  const items = [{ ...BOB, avatar: null }];
  world.server.on("GET /v1/users", 200, { items, next_cursor: null });
  world.app.faces.refresh("bob");
  await settled();

  expect(world.state.faces.bob).toBeNull();
});

test("a server that does not answer leaves people with their initials", async () => {
  const world = await new World().logIn();
  world.server.isReachable = false;

  world.app.faces.want("bob");
  world.timers.at(-1)?.();
  await settled();

  expect(world.state.faces).toEqual({ bob: null });
  expect(world.state.complaints).toEqual([]);
});
