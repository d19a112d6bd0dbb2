import { describe, expect, test } from "vitest";
import { Ways } from "#protocol/ways.ts";

const MINUTE = 60_000;

/** Ways of somebody whose network lets no socket through, since `now`. */
function blocked(now = 0): Ways {
  const ways = new Ways();
  for (let times = 0; times < 3; times += 1) ways.onBlocked(now);
  return ways;
}

describe("the way", () => {
  test("is a socket, also after two that failed", () => {
    const ways = new Ways();

    ways.onBlocked(0);
    ways.onBlocked(1_000);

    expect(ways.take(2_000)).toBe("socket");
    expect(ways.isBlocked).toBe(false);
  });

  test("is polls after three within a minute", () => {
    const ways = new Ways();

    for (const at of [0, 30_000, 59_999]) ways.onBlocked(at);

    expect(ways.take(60_000)).toBe("polls");
  });

  test("stays a socket when three take longer than a minute", () => {
    const ways = new Ways();

    for (const at of [0, 30_000, 60_000]) ways.onBlocked(at);

    expect(ways.take(60_000)).toBe("socket");
  });

  test("forgets the failures before one that got through", () => {
    const ways = new Ways();
    ways.onBlocked(0);
    ways.onBlocked(0);

    ways.onSocket();
    ways.onBlocked(0);

    expect(ways.isBlocked).toBe(false);
  });
});

describe("back to a socket", () => {
  test("is tried 5 minutes later, and every 5 minutes from then on", () => {
    const ways = blocked();

    expect(ways.againAt).toBe(5 * MINUTE);
    ways.onTry(5 * MINUTE);

    expect(ways.againAt).toBe(10 * MINUTE);
  });

  test("is tried by the next connection when there was none at that time", () => {
    const ways = blocked();

    expect(ways.take(5 * MINUTE - 1)).toBe("polls");
    expect(ways.take(5 * MINUTE)).toBe("socket");
    expect(ways.take(5 * MINUTE + 1)).toBe("polls");
  });

  test("leads the first socket that gets through, for good", () => {
    const ways = blocked();

    ways.onSocket();

    expect(ways.againAt).toBeNull();
    expect(ways.take(MINUTE)).toBe("socket");
  });

  test("is nothing to try while sockets are the way", () => {
    const ways = new Ways();

    ways.onTry(0);

    expect(ways.isBlocked).toBe(false);
  });
});
