import { expect, test } from "vitest";
import { Heartbeat } from "#protocol/heartbeat.ts";

function started(): Heartbeat {
  const heartbeat = new Heartbeat();
  heartbeat.start(0, 25_000, () => 0.4);
  return heartbeat;
}

test("pings come at a random time first and then regularly", () => {
  const heartbeat = started();

  expect(heartbeat.next).toBe(10_000);
  expect(heartbeat.check(9_999)).toBeNull();
  expect(heartbeat.check(10_000)).toBe("ping");
  heartbeat.heard();

  expect(heartbeat.next).toBe(35_000);
});

test("silence for 10 s after a ping is death", () => {
  const heartbeat = started();
  heartbeat.check(10_000);

  expect(heartbeat.check(19_999)).toBeNull();
  expect(heartbeat.check(20_000)).toBe("dead");
});

test("anything heard is a sign of life", () => {
  const heartbeat = started();
  heartbeat.check(10_000);

  heartbeat.heard();

  expect(heartbeat.check(20_000)).toBeNull();
});

test("doubt asks at once and waits 5 s", () => {
  const heartbeat = started();

  heartbeat.doubt(1_000);

  expect(heartbeat.check(1_000)).toBe("ping");
  expect(heartbeat.check(5_999)).toBeNull();
  expect(heartbeat.check(6_000)).toBe("dead");
});

test("doubt does not lengthen a life", () => {
  const heartbeat = started();
  heartbeat.check(10_000);

  heartbeat.doubt(19_000);

  expect(heartbeat.check(20_000)).toBe("dead");
});

test("a stopped heart does not beat", () => {
  const heartbeat = started();

  heartbeat.stop();

  expect(heartbeat.next).toBeNull();
  expect(heartbeat.check(1e9)).toBeNull();
});
