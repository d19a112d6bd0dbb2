/** From when until when a room of guests is open, as somebody chooses it. */

import type { GuestRoomWish } from "#api/desk.ts";
import { fromInput, toInput } from "#app/ui/moments.ts";

export const HOURS = [
  ["60", "Now, for one hour"],
  ["120", "Now, for two hours"],
  ["480", "Now, for eight hours"],
  ["", "Now, until I close it"],
  ["set", "At a set time"],
] as const;
export type Hours = (typeof HOURS)[number][0];

/** In seconds, from the least to the most that the server takes. */
export const PURGES = [
  ["", "Keep it"],
  ["0", "Remove it at once"],
  ["3600", "Remove it an hour later"],
  ["86400", "Remove it a day later"],
  ["604800", "Remove it a week later"],
  ["2592000", "Remove it a month later"],
  ["31536000", "Remove it a year later"],
] as const;
export type Purge = (typeof PURGES)[number][0];

export interface GuestWish {
  /** Empty for none. */
  readonly password: string;
  readonly hours: Hours;
  /** As an input for local times has them; they count where a time is set. */
  readonly opens: string;
  readonly closes: string;
  readonly purge: Purge;
}

export const USUAL_GUESTS: GuestWish = {
  password: "",
  hours: "60",
  opens: "",
  closes: "",
  purge: "",
};

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Choose when it is open; a set time begins as the next quarter, for an hour. `now` in ms. */
export function withHours(wish: GuestWish, hours: Hours, now: number): GuestWish {
  if (hours !== "set" || wish.opens !== "" || wish.closes !== "") return { ...wish, hours };
  const quarter = (Math.floor(now / QUARTER_MS) + 1) * QUARTER_MS;
  return { ...wish, hours, opens: asInput(quarter), closes: asInput(quarter + HOUR_MS) };
}

/** Choose when it opens, for as long as before. */
export function withOpening(wish: GuestWish, opens: string): GuestWish {
  const moved = Date.parse(opens) - Date.parse(wish.opens);
  const closes = Date.parse(wish.closes) + moved;
  return { ...wish, opens, closes: Number.isNaN(closes) ? wish.closes : asInput(closes) };
}

function asInput(time: number): string {
  return toInput(new Date(time).toISOString());
}

/** What the server is to be asked for; `now` in ms. */
export function guestWish(
  { password, hours, opens, closes, purge }: GuestWish,
  now: number,
): Omit<GuestRoomWish, "title" | "topic"> {
  return {
    password,
    opensAt: hours === "set" ? fromInput(opens) : null,
    closesAt: hours === "set" ? fromInput(closes) : endOf(hours, now),
    purgeAfterS: purge === "" ? null : Number(purge),
  };
}

function endOf(hours: string, now: number): string | null {
  return hours === "" ? null : new Date(now + Number(hours) * MINUTE_MS).toISOString();
}
