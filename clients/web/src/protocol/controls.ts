/** Frames about the connection itself. */

import type { Limits, Recovery, ServerFrame } from "#protocol/frames.ts";
import { count, countOr, flag, type Json, list, partOr, text, textOr } from "#wire/read.ts";

/** What a server grants that does not say: the values of the protocol's own table. */
export const USUAL_LIMITS: Limits = {
  content_chars: 4_000,
  in_flight: 64,
  sync_limit: 200,
  typing_interval_ms: 2_000,
};

const USUAL_HEARTBEAT_MS = 25_000;

export const CONTROLS: Readonly<Record<string, (data: Json) => ServerFrame>> = {
  hello: (data) => ({
    type: "hello",
    heartbeat_ms: countOr(data, "heartbeat_ms", USUAL_HEARTBEAT_MS),
    limits: readLimits(partOr(data, "limits") ?? {}),
  }),
  resumed: (data) => ({ type: "resumed", rooms: list(data, "rooms", readRecovery) }),
  gap: (data) => ({
    type: "gap",
    room_id: text(data, "room_id"),
    to_seq: count(data, "to_seq"),
    reason: text(data, "reason"),
  }),
  token_expiring: () => ({ type: "token_expiring" }),
  reconnect: (data) => ({ type: "reconnect", after_ms: count(data, "after_ms") }),
};

function readLimits(from: Json): Limits {
  const { content_chars, in_flight, sync_limit, typing_interval_ms } = USUAL_LIMITS;
  return {
    content_chars: countOr(from, "content_chars", content_chars),
    in_flight: countOr(from, "in_flight", in_flight),
    sync_limit: countOr(from, "sync_limit", sync_limit),
    typing_interval_ms: countOr(from, "typing_interval_ms", typing_interval_ms),
  };
}

function readRecovery(from: Json): Recovery {
  return {
    room_id: text(from, "room_id"),
    recovered: flag(from, "recovered"),
    to: countOr(from, "to", null),
    reason: textOr(from, "reason", null),
  };
}
