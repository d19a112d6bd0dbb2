import { expect, test } from "vitest";
import { localProblem } from "#wire/problem.ts";
import { opened, type World } from "../support/world.ts";

async function refuse(world: World, sentence: string): Promise<void> {
  world.client.answer = { ok: false, problem: localProblem("conflict", sentence) };
  await world.app.conversations.delete("A", "m5");
}

function sentencesOf(world: World): string[] {
  return world.state.complaints.map(({ sentence }) => sentence);
}

test("three sentences are shown at once, and the oldest makes room", async () => {
  const world = await opened();

  for (const sentence of ["one", "two", "three", "four"]) await refuse(world, sentence);

  expect(sentencesOf(world)).toEqual(["two", "three", "four"]);
});

test("the same sentence stands there once, as the newest", async () => {
  const world = await opened();

  for (const sentence of ["one", "two", "one"]) await refuse(world, sentence);

  expect(sentencesOf(world)).toEqual(["two", "one"]);
});

test("each is put away by itself", async () => {
  const world = await opened();
  await refuse(world, "one");
  await refuse(world, "two");

  world.app.dismissComplaint(world.state.complaints[0]?.id ?? "");

  expect(sentencesOf(world)).toEqual(["two"]);
});
