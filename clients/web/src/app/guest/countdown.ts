/** How long something still takes, in the two largest units that say it. */

const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;

/** Return `2 h 5 min`, `45 s` and so on, rounded up; `0 s` once it has passed. */
export function countdownOf(leftMs: number): string {
  const left = Math.max(0, Math.ceil(leftMs / 1_000));
  if (left >= DAY_S) return pair(left, DAY_S, "d", HOUR_S, "h");
  if (left >= HOUR_S) return pair(left, HOUR_S, "h", MINUTE_S, "min");
  if (left >= MINUTE_S) return pair(left, MINUTE_S, "min", 1, "s");
  return `${left} s`;
}

function pair(left: number, large: number, unit: string, small: number, part: string): string {
  return `${Math.floor(left / large)} ${unit} ${Math.floor((left % large) / small)} ${part}`;
}
