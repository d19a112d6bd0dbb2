import { expect, test } from "vitest";
import { Carrier } from "#state/carrier.ts";
import { Clock } from "../support/browser.ts";
import { FakeLocks } from "../support/locks.ts";
import { settled } from "../support/world.ts";

/** Pages that would carry, and which of them believes that it does. */
function pages(locks: FakeLocks, ...names: string[]) {
  const clock = new Clock();
  const carrying = new Set<string>();
  const needing = new Set<string>();
  const carriers = names.map(
    (name) =>
      new Carrier("outbox", {
        standFor: locks.of(name),
        setTimer: (ring, afterMs) => clock.setTimer(ring, afterMs),
        isNeeded: () => needing.has(name),
        onChange: (isCarrier) => {
          if (isCarrier) carrying.add(name);
          else carrying.delete(name);
        },
      }),
  );
  return { carrying, needing, carriers, clock };
}

test("one page carries, and the next in line when it goes", async () => {
  const { carrying, carriers } = pages(new FakeLocks(), "one", "two", "three");
  for (const carrier of carriers) carrier.connected();
  await settled();
  expect([...carrying]).toEqual(["one"]);

  carriers[0]?.away();
  await settled();

  expect([...carrying]).toEqual(["two"]);
});

test("a page on which messages wait takes it after a while, and the other one gets it back", async () => {
  const { carrying, needing, carriers, clock } = pages(new FakeLocks(), "asleep", "awake");
  for (const carrier of carriers) carrier.connected();
  needing.add("awake");

  carriers[1]?.check();
  await clock.pass(2_999);
  expect([...carrying]).toEqual(["asleep"]);
  await clock.pass(1);
  expect([...carrying]).toEqual(["awake"]);

  carriers[1]?.away();
  await settled();
  expect([...carrying]).toEqual(["asleep"]);
});

test("a page whose messages went in time takes nothing", async () => {
  const { carrying, needing, carriers, clock } = pages(new FakeLocks(), "one", "two");
  for (const carrier of carriers) carrier.connected();
  needing.add("two");
  carriers[1]?.check();

  needing.delete("two");
  await clock.pass(3_000);

  expect([...carrying]).toEqual(["one"]);
});

test("a page that comes with messages takes it from one that sleeps", async () => {
  const { carrying, needing, carriers, clock } = pages(new FakeLocks(), "asleep", "awake");
  carriers[0]?.connected();
  needing.add("awake");

  carriers[1]?.connected();
  await clock.pass(3_000);

  expect([...carrying]).toEqual(["awake"]);
});

test("messages on a page that is not connected change nothing", async () => {
  const { carrying, needing, carriers, clock } = pages(new FakeLocks(), "one");
  needing.add("one");

  carriers[0]?.check();
  await clock.pass(3_000);

  expect([...carrying]).toEqual([]);
});

test("a page that was let go while it stood in line does not carry later", async () => {
  const { carrying, carriers } = pages(new FakeLocks(), "one", "two");
  for (const carrier of carriers) carrier.connected();
  await settled();

  carriers[1]?.away();
  carriers[0]?.away();
  await settled();

  expect([...carrying]).toEqual([]);
});

test("where there are no locks everybody carries", async () => {
  const locks = new FakeLocks();
  locks.areAbsent = true;
  const { carrying, carriers } = pages(locks, "one", "two");

  for (const carrier of carriers) carrier.connected();

  expect([...carrying]).toEqual(["one", "two"]);
});
