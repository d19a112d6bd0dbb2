/** Why a message is reported. */

import type { Reason } from "#api/reports.ts";

export const REASONS: readonly (readonly [Reason, string, string])[] = [
  ["spam", "Spam", "Advertising, or the same again and again"],
  ["abuse", "Abuse", "It hurts or threatens somebody"],
  ["other", "Something else", ""],
];

export function titleOfReason(reason: Reason): string {
  return REASONS.find(([known]) => known === reason)?.[1] ?? "Something else";
}
