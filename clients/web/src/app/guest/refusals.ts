/** Why a guest is not let in, in words that say what to do. */

import { countdownOf } from "#app/guest/countdown.ts";
import type { Problem } from "#wire/problem.ts";

export function sentenceOf({ code, message, retry_after_ms }: Problem): string {
  const wait = retry_after_ms === null ? "" : ` Try again in ${countdownOf(retry_after_ms)}.`;
  return `${SENTENCES[code] ?? message}${wait}`;
}

/** By the code of a refusal. */
export const SENTENCES: Readonly<Record<string, string>> = {
  banned: "Whoever has this name, or this device, was banned from the room.",
  invalid_password: "That is not the password.",
  rate_limited: "Too many attempts.",
  room_full: "The room is full. Wait until somebody leaves.",
  room_locked: "The door is locked: nobody more is let in for now.",
  room_not_open: "The room is not open.",
  not_found: "This room is no longer there.",
};

/** What somebody could be called whose name is taken: `Bob 2`, then `Bob 3`. */
export function anotherAlias(alias: string): string {
  const [, name, number] = /^(.*?)(?: (\d{1,3}))?$/su.exec(alias.trim()) ?? [];
  return `${name} ${Number(number ?? 1) + 1}`;
}
