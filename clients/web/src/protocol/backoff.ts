/** How long to wait before trying again. */

const LONGEST_MS = 30_000;
const FIRST_MS = 1_000;

/**
 * Return the wait before try `attempt` (0, 1, 2 ...), in ms: the upper half of 1, 2, 4 ... 30 s at
 * random. The chance spreads the clients that lost the same server at the same moment.
 */
export function waitMs(attempt: number, random: () => number): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return most / 2 + (random() * most) / 2;
}
