import { describe, expect, test } from "vitest";
import { type Failure, Pace, type Poll } from "#polls/pace.ts";
import { localProblem } from "#wire/problem.ts";

const QUIET_NIGHT: Poll = {
  tookMs: 25_000,
  holdMs: 25_000,
  isEmpty: true,
  isMore: false,
  isUnavailable: false,
  isLookedAt: true,
};
const AT_ONCE: Failure = { is: "cut", heldMs: 10 };

function pace(): Pace {
  return new Pace(() => 0.5);
}

function refusal(retry_after_ms: number | null): Failure {
  return { is: "refused", problem: { ...localProblem("unavailable", ""), retry_after_ms } };
}

describe("after an answer", () => {
  test.each<[string, Partial<Poll>, number]>([
    ["nothing for as long as it was held: at once", {}, 0],
    ["something: a moment in which more gathers", { isEmpty: false, tookMs: 900 }, 200],
    ["something, and there is more: at once", { isEmpty: false, isMore: true }, 0],
    ["nothing, though it was to be held: not too often", { tookMs: 40 }, 1_000],
    ["nothing, and it was not to be held: at once", { tookMs: 40, holdMs: 0 }, 0],
    ["nobody looks: slowly", { isEmpty: false, isLookedAt: false }, 15_000],
    ["nobody looks, but there is more: at once", { isMore: true, isLookedAt: false }, 0],
    ["a room could not be looked after: in a while", { isUnavailable: true, tookMs: 1 }, 2_000],
  ])("%s", (_, how, pauseMs) => {
    expect(pace().onAnswer({ ...QUIET_NIGHT, ...how })).toBe(pauseMs);
  });
});

describe("a poll", () => {
  test("is held as long as the server allows while somebody looks, and else not at all", () => {
    expect(pace().holdMs(true)).toBe(25_000);
    expect(pace().holdMs(false)).toBe(0);
  });

  test("that is cut is sent once more, soon and not held, and then given up", () => {
    const one = pace();

    expect(one.onFailure(AT_ONCE)).toEqual({ go: "on", pauseMs: 750 });
    expect(one.holdMs(true)).toBe(0);

    expect(one.onFailure(AT_ONCE)).toEqual({ go: "end", backAfterMs: null });
  });

  test("is held for less long than one lived that was cut", () => {
    const one = pace();

    one.onFailure({ is: "cut", heldMs: 20_000 });
    one.onAnswer({ ...QUIET_NIGHT, holdMs: 0, tookMs: 5 });

    expect(one.holdMs(true)).toBe(16_000);
  });

  test("is held for 5 s at least, and never longer than before", () => {
    const one = pace();

    for (const heldMs of [10, 60_000]) {
      one.onFailure({ is: "cut", heldMs });
      one.onAnswer(QUIET_NIGHT);
    }

    expect(one.holdMs(true)).toBe(5_000);
  });

  test("that is cut without being held says nothing about that", () => {
    const one = pace();

    one.onFailure({ is: "cut", heldMs: 0 });
    one.onAnswer(QUIET_NIGHT);

    expect(one.holdMs(true)).toBe(25_000);
  });

  test("that is refused for a moment waits for it, once", () => {
    const one = pace();

    expect(one.onFailure(refusal(3_000))).toEqual({ go: "on", pauseMs: 3_000 });
    expect(one.onFailure(refusal(3_000))).toEqual({ go: "end", backAfterMs: 3_000 });
  });

  test("that is refused for longer ends the connection, to come back when the server says", () => {
    expect(pace().onFailure(refusal(9_000))).toEqual({ go: "end", backAfterMs: 9_000 });
  });

  test("that is refused without a time is sent once more soon", () => {
    expect(pace().onFailure(refusal(null))).toEqual({ go: "on", pauseMs: 750 });
  });
});
