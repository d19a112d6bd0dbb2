/** The one shape of a "no", from the socket and over HTTP. */

import type { ErrorCode } from "#wire/generated/codes.ts";
import type { ErrorFrame } from "#wire/generated/heard.ts";
import { countOr, flag, type Json, members, partOr, text, textOr } from "#wire/read.ts";

export interface Problem {
  /** Stable, for programs. */
  readonly code: Code;
  /** For people. */
  readonly message: string;
  readonly retryable: boolean;
  readonly retry_after_ms: number | null;
  /** Which of the given fields is at fault, and why. */
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * The codes that can be asked for. A newer server may say another: it equals none of these, so never
 * take the last one for granted.
 */
export type Code = ErrorCode | LocalCode;

/** Found on this side. */
type LocalCode = "disconnected" | "malformed" | "refused" | "unreachable";

export function readProblem(from: Json<ErrorFrame["data"]>): Problem {
  return {
    code: text(from, "code") as Code, // Or a new one, see there.
    message: textOr(from, "message", ""),
    retryable: flag(from, "retryable"),
    retry_after_ms: countOr(from, "retry_after_ms", null),
    fields: readFields(partOr(from, "fields")),
  };
}

/** Say how long somebody who was too quick has to wait, where the server has said it. */
export function withWait(problem: Problem): Problem {
  const { code, retry_after_ms: waitMs } = problem;
  if (code !== "rate_limited" || waitMs === null) return problem;
  return { ...problem, message: `Too many attempts. Please try again in ${spanOf(waitMs)}.` };
}

const UNITS = [
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** In whole units, rounded up: nobody is told to come too early. */
function spanOf(ms: number): string {
  const [unit, unitMs] = UNITS.find(([, size]) => ms > size) ?? ["second", 1_000];
  const count = Math.ceil(ms / unitMs);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** A problem found on this side: no server said it. */
export function localProblem(code: Code, message: string): Problem {
  return { code, message, retryable: true, retry_after_ms: null, fields: {} };
}

function readFields(fields: Json<unknown> | null): Record<string, string> {
  const said = fields === null ? [] : members(fields);
  return Object.fromEntries(said.map(([name, why]) => [name, asSentence(why)]));
}

/** The server says "must have 8 characters" of a field; beside the field that begins a sentence. */
function asSentence(why: unknown): string {
  const words = Array.isArray(why) ? why.map(String).join(" ") : String(why);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
