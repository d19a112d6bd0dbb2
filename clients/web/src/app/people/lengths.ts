/** For how long somebody is muted or banned. */

const MINUTE_MS = 60_000;

export const LENGTHS = [
  ["10", "10 minutes"],
  ["60", "An hour"],
  ["1440", "A day"],
  ["10080", "A week"],
  ["", "Until it is lifted"],
] as const;

export type Length = (typeof LENGTHS)[number][0];

/** The end of it, from now (ms); null: none. */
export function endOf(length: Length, now: number): string | null {
  return length === "" ? null : new Date(now + Number(length) * MINUTE_MS).toISOString();
}
