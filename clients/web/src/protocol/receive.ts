/**
 * From the text of the socket to the frames this client knows.
 *
 * Types and members that are not known are ignored, so a newer server may say more. One thing may
 * never be ignored: that a durable event took a seq. An event that cannot be read still counts, as
 * `unknown`; were it dropped, its seq would look like a hole and be asked for again and again.
 */

import { readEvent } from "#protocol/changes.ts";
import { CONTROLS } from "#protocol/controls.ts";
import type { ServerFrame } from "#protocol/frames.ts";
import { REPLIES } from "#protocol/replies.ts";
import { SIGNALS } from "#protocol/signals.ts";
import { readProblem } from "#wire/problem.ts";
import { has, type Json, Malformed, object, part, partOr, text, textOr } from "#wire/read.ts";

/** Return what one text of the socket says, in order; a batch is several frames in an array. */
export function receive(raw: string): ServerFrame[] {
  const parsed = parse(raw);
  const frames = Array.isArray(parsed) ? parsed : [parsed];
  return frames.map(readFrame).filter((frame) => frame !== null);
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return null;
  }
}

function readFrame(value: unknown): ServerFrame | null {
  try {
    return readKnown(object(value));
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

function readKnown(frame: Json): ServerFrame | null {
  const type = text(frame, "type");
  const ref = textOr(frame, "ref", null);
  if (has(frame, "seq")) return { type: "event", event: readEvent(frame) };
  if (type === "error") return { type, ref, problem: readProblem(part(frame, "data")) };
  const flat = flatten(frame);
  const readReply = REPLIES[type];
  if (readReply) return { type: "reply", ref, reply: readReply(flat) };
  const readSignal = SIGNALS[type];
  if (readSignal) return { type: "signal", signal: readSignal(flat) };
  return CONTROLS[type]?.(flat) ?? null;
}

/** `data` with the `room_id` beside it: some frames carry it inside, some on top. */
function flatten(frame: Json): Json {
  return object({ room_id: textOr(frame, "room_id", null), ...partOr(frame, "data") });
}
