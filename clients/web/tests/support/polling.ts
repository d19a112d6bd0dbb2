/** The hub over HTTP: polls that are held until something comes, and messages posted beside them. */

import { ALICE, messageEvent, position } from "./frames.ts";
import type { Asked, FakeServer, Prepared } from "./http.ts";
import type { Hub } from "./hub.ts";

interface Poll {
  readonly cursors: Readonly<Record<string, { seq: number } | null>>;
  readonly timeout_ms: number;
  readonly greet?: boolean;
}

const HELLO = { connection_id: "poll-s1", heartbeat_ms: 25_000, limits: {} };

/** Let this server answer polls of its hub. */
export function servePolls(server: FakeServer, hub: Hub): void {
  server.serve("POST /v1/sync", async ({ body }, signal) => {
    const poll = body as Poll; // Written by our own client.
    if (poll.timeout_ms > 0 && !isBehind(hub, poll)) await somethingNew(hub, signal);
    return { status: 200, body: answerTo(hub, poll) };
  });
  for (const roomId of Object.keys(hub.log)) {
    server.serve(`POST /v1/rooms/${roomId}/messages`, (asked, signal) =>
      post(hub, roomId, asked, signal),
    );
    server.on(`GET /v1/rooms/${roomId}/presence`, 200, { users: [], count: 0 });
    server.on(`PUT /v1/rooms/${roomId}/read`, 200, { read_seq: 0 });
  }
}

function isBehind(hub: Hub, { cursors }: Poll): boolean {
  return Object.entries(cursors).some(([id, at]) => at === null || at.seq < headOf(hub, id));
}

function somethingNew(hub: Hub, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => () => {
      hub.waiting.delete(wake);
      settle();
    };
    const wake = end(resolve);
    hub.waiting.add(wake);
    signal.addEventListener(
      "abort",
      end(() => reject(new TypeError("Failed to fetch"))),
    );
  });
}

function answerTo(hub: Hub, { cursors, greet }: Poll): object {
  const ids = Object.keys(cursors);
  const events = ids.flatMap((id) => eventsAfter(hub, id, cursors[id]?.seq ?? headOf(hub, id)));
  const now = ids.map((id) => [id, { seq: headOf(hub, id), epoch: "e1" }]);
  const rooms = Object.keys(hub.log).map((id) => position(id, headOf(hub, id)));
  const greeting = greet ? { hello: HELLO, ready: { person: ALICE, rooms } } : {};
  return { ...greeting, events, cursors: Object.fromEntries(now), more: false };
}

function eventsAfter(hub: Hub, roomId: string, after: number): object[] {
  const log = hub.log[roomId] ?? [];
  return log.slice(after).map((posted, index) => {
    const seq = after + index + 1;
    return messageEvent(roomId, seq, { ...posted, author: ALICE });
  });
}

async function post(
  hub: Hub,
  roomId: string,
  { body, headers }: Asked,
  signal: AbortSignal,
): Promise<Prepared> {
  const { content } = body as { content: string }; // Written by our own client.
  const taken = hub.take(roomId, { client_msg_id: headers["idempotency-key"] ?? "", content });
  if (taken === null) await never(signal);
  const seq = taken?.seq ?? 0;
  return { status: 201, body: { message: { id: `m${seq}`, seq } } };
}

function never(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new TypeError("Failed to fetch")));
  });
}

function headOf(hub: Hub, roomId: string): number {
  return hub.log[roomId]?.length ?? 0;
}
