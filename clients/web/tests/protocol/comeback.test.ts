import { describe, expect, test } from "vitest";
import { waitMs } from "#protocol/backoff.ts";
import { verdictOn } from "#protocol/closes.ts";
import { Comeback } from "#protocol/comeback.ts";

const MOST = () => 1;
const LEAST = () => 0;

describe("waiting", () => {
  test("doubles from 1 s to 30 s", () => {
    const waits = [0, 1, 2, 3, 4, 5, 6].map((attempt) => waitMs(attempt, MOST));

    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  test("is never shorter than half of that", () => {
    expect([0, 1, 9].map((attempt) => waitMs(attempt, LEAST))).toEqual([500, 1_000, 15_000]);
  });
});

test.each([
  [1000, "", { go: "stop", why: "closed" }],
  [1001, "", { go: "back_off", atLeastMs: 0 }],
  [1006, "", { go: "back_off", atLeastMs: 0 }],
  [1009, "", { go: "retry_once" }],
  [1011, "", { go: "back_off", atLeastMs: 0 }],
  [1012, "", { go: "soon" }],
  [1013, "", { go: "back_off", atLeastMs: 4_000 }],
  [4400, "", { go: "stop", why: "fault" }],
  [4401, "expired", { go: "refresh" }],
  [4401, "revoked", { go: "log_in" }],
  [4401, "", { go: "log_in" }],
  [4403, "", { go: "stop", why: "banned" }],
  [4408, "", { go: "back_off", atLeastMs: 0 }],
  [4409, "", { go: "stop", why: "replaced" }],
  [4410, "", { go: "soon" }],
  [4411, "", { go: "back_off", atLeastMs: 0 }],
  [4429, "", { go: "back_off", atLeastMs: 30_000 }],
])("close code %i %s has its verdict", (code, reason, verdict) => {
  expect(verdictOn(code, reason)).toEqual(verdict);
});

describe("coming back", () => {
  test("waits longer after each cut, until a connection was good for a while", () => {
    const comeback = new Comeback(MOST);

    expect(comeback.after(1006, "", 0)).toMatchObject({ forMs: 1_000, isOurs: true });
    comeback.onReady();
    expect(comeback.after(1006, "", 0)).toMatchObject({ forMs: 2_000 });
    comeback.onStable();

    expect(comeback.after(1006, "", 0)).toMatchObject({ forMs: 1_000 });
  });

  test("adds its own wait to the server's minimum, and nobody may hurry that", () => {
    const comeback = new Comeback(LEAST);

    expect(comeback.after(4429, "", 0)).toEqual({ go: "wait", forMs: 30_500, isOurs: false });
  });

  test("does not wait longer after a restart", () => {
    const comeback = new Comeback(MOST);

    comeback.after(1012, "", 0);
    comeback.after(4410, "", 0);

    expect(comeback.after(1006, "", 0)).toMatchObject({ forMs: 1_000 });
  });

  test("comes at the announced time however the connection ends", () => {
    const comeback = new Comeback(MOST);
    comeback.onDrain(9_000);

    expect(comeback.after(1006, "", 2_000)).toEqual({ go: "wait", forMs: 8_000, isOurs: false });
  });

  test("a fault is tried once more, however good the connection was in between", () => {
    const comeback = new Comeback(MOST);

    expect(comeback.after(1007, "", 0).go).toBe("wait");
    comeback.onStable();

    expect(comeback.after(1009, "", 599_000)).toEqual({ go: "stop", why: "fault" });
  });

  test("a fault long after another one is an accident too", () => {
    const comeback = new Comeback(MOST);

    comeback.after(1007, "", 0);

    expect(comeback.after(1003, "", 600_000).go).toBe("wait");
  });

  test("a token is refreshed once in a row", () => {
    const comeback = new Comeback(MOST);

    expect(comeback.after(4401, "expired", 0).go).toBe("refresh");
    expect(comeback.after(4401, "expired", 0).go).toBe("log_in");
    comeback.onReady();

    expect(comeback.after(4401, "expired", 0).go).toBe("refresh");
  });
});
