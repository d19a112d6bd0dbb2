/** What a server says, as text; and the people of every test. */

import type { Person } from "#wire/shapes.ts";

export const ALICE: Person = { kind: "user", id: "alice", name: "Alice" };
export const BOB: Person = { kind: "user", id: "bob", name: "Bob" };
export const CHARLIE: Person = { kind: "user", id: "charlie", name: "Charlie" };

const TS = "2026-03-01T10:00:00.000Z";

export function frame(type: string, data: object, top: object = {}): string {
  return JSON.stringify({ type, ts: TS, ...top, data });
}

export function hello(limits: object = {}): string {
  return frame("hello", { connection_id: "c1", server_time: TS, heartbeat_ms: 25_000, limits });
}

export function ready(rooms: readonly object[] = [], ref = "r1"): string {
  return frame("ready", { person: ALICE, session_id: "s1", expires_at: TS, rooms }, { ref });
}

export function position(roomId: string, headSeq: number, epoch = "e1"): object {
  const counts = { head_seq: headSeq, read_seq: headSeq, unread: 0, mentions: 0 };
  return { room_id: roomId, epoch, ...counts, role: "member" };
}

export function joined(ref: string, roomId: string, headSeq: number, other: object = {}): string {
  const data = { ...position(roomId, headSeq), recovered: false, online: ["alice"] };
  return frame("room_joined", { ...data, online_count: 1, ...other }, { ref });
}

/** Message `seq` of a room, by Bob if nobody else is named. */
export function message(roomId: string, seq: number, other: object = {}): string {
  return JSON.stringify(messageEvent(roomId, seq, other));
}

export function messageEvent(roomId: string, seq: number, other: object = {}): object {
  const words = { id: `m${seq}`, author: BOB, content: `message ${seq}`, format: "markdown" };
  const data = { ...words, created_at: TS, rev: 1, client_msg_id: `c${seq}`, ...other };
  return { type: "message", ts: TS, room_id: roomId, seq, data };
}

export function ack(ref: string, data: object = {}): string {
  return frame("ack", data, { ref });
}

export function refusal(ref: string, code: string, other: object = {}): string {
  return frame("error", { code, message: `no: ${code}`, retryable: false, ...other }, { ref });
}
