import { expect, test } from "vitest";
import { Alarms } from "#protocol/alarms.ts";

test("due alarms are taken once, earliest first", () => {
  const alarms = new Alarms<"a" | "b" | "c">();
  alarms.set("a", 30);
  alarms.set("b", 10);
  alarms.set("c", 99);

  expect(alarms.take(30)).toEqual(["b", "a"]);
  expect(alarms.take(30)).toEqual([]);
  expect(alarms.next).toBe(99);
});

test("setting an alarm again moves it", () => {
  const alarms = new Alarms<"a">();
  alarms.set("a", 10);

  alarms.set("a", 20);

  expect(alarms.take(10)).toEqual([]);
  expect(alarms.next).toBe(20);
});

test("no alarm is due never", () => {
  const alarms = new Alarms<"a">();
  alarms.set("a", 10);

  alarms.clear("a");

  expect(alarms.isSet("a")).toBe(false);
  expect(alarms.next).toBeNull();
});
