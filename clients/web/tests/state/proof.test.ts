import { expect, test } from "vitest";
import { World } from "../support/world.ts";

test("a person is asked once, however many requests wait for it", async () => {
  const world = await new World().logIn();

  const first = world.app.proof.ask(["password"]);
  const second = world.app.proof.ask(["password"]);
  expect(world.state.proofAsked).toEqual(["password"]);
  world.app.proof.end(true);

  expect(await Promise.all([first, second])).toEqual([true, true]);
  expect(world.state.proofAsked).toBeNull();
});

test("who lets it be is asked again the next time", async () => {
  const world = await new World().logIn();
  const first = world.app.proof.ask([]);
  world.app.proof.end(false);

  const again = world.app.proof.ask(["totp"]);

  expect(await first).toBe(false);
  expect(world.state.proofAsked).toEqual(["totp"]);
  world.app.proof.end(true);
  expect(await again).toBe(true);
});
