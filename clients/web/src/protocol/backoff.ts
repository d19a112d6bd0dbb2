/** How long to wait before trying again. */

const LONGEST_MS = 30_000;
const FIRST_MS = 1_000;

/**
 * Return the wait before try `attempt` (0, 1, 2 ...), in ms: the upper half of 1, 2, 4 ... s at
 * random, at most `longestMs`. The chance spreads the clients that lost the same server at the same
 * moment.
 */
export function waitMs(attempt: number, random: () => number, longestMs = LONGEST_MS): number {
  const most = Math.min(longestMs, FIRST_MS * 2 ** attempt);
  return most / 2 + (random() * most) / 2;
}
