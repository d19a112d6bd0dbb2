/** Frames about the connection itself. */

import type { Limits, ServerFrame } from "#protocol/frames.ts";
import type { Lookup, Readers } from "#protocol/readers.ts";
import type { LimitsShown } from "#wire/generated/heard.ts";
import { count, countOr, type Json, partOr, text, textOr } from "#wire/read.ts";

/** What a server grants that does not say: the values of the protocol's own table. */
export const USUAL_LIMITS: Limits = {
  content_chars: 4_000,
  in_flight: 64,
  rooms_attached: 200,
  sync_limit: 200,
  typing_interval_ms: 2_000,
};

const USUAL_HEARTBEAT_MS = 25_000;

export const CONTROLS: Lookup<ServerFrame> = {
  hello: (data) => ({
    type: "hello",
    server_time: textOr(data, "server_time", null),
    heartbeat_ms: countOr(data, "heartbeat_ms", USUAL_HEARTBEAT_MS),
    limits: readLimits(partOr(data, "limits") ?? {}),
  }),
  gap: (data) => ({
    type: "gap",
    room_id: text(data, "room_id"),
    to_seq: count(data, "to_seq"),
    reason: text(data, "reason"),
  }),
  token_expiring: () => ({ type: "token_expiring" }),
  reconnect: (data) => ({ type: "reconnect", after_ms: count(data, "after_ms") }),
} satisfies Readers<ServerFrame>;

function readLimits(from: Json<LimitsShown>): Limits {
  const told = (name: keyof Limits) => countOr(from, name, USUAL_LIMITS[name]);
  return {
    content_chars: told("content_chars"),
    in_flight: told("in_flight"),
    rooms_attached: told("rooms_attached"),
    sync_limit: told("sync_limit"),
    typing_interval_ms: told("typing_interval_ms"),
  };
}
