import { expect, test } from "vitest";
import { Outbox } from "#protocol/outbox.ts";
import { localProblem, type Problem } from "#wire/problem.ts";

const REFUSED: Problem = { ...localProblem("muted", "Not now."), retryable: false };
const BUSY = localProblem("unavailable", "Later.");
const CUT = localProblem("disconnected", "Cut.");

function outboxWith(...ids: string[]): Outbox {
  const outbox = new Outbox(() => 0);
  for (const id of ids) add(outbox, id);
  return outbox;
}

function add(outbox: Outbox, id: string, roomId = "A"): void {
  const written = { content: id, reply_to: null, written_at: 0 };
  outbox.add({ client_msg_id: id, room_id: roomId, ...written });
}

function taken(outbox: Outbox, now = 0): string[] {
  return outbox.take(now).map((item) => item.client_msg_id);
}

test("one message of a room is on its way at a time", () => {
  const outbox = outboxWith("one", "two");

  expect(taken(outbox)).toEqual(["one"]);
  expect(taken(outbox)).toEqual([]);

  outbox.accepted("one", 1);
  expect(taken(outbox)).toEqual(["two"]);
});

test("rooms do not wait for each other", () => {
  const outbox = outboxWith("one");
  add(outbox, "other", "B");

  expect(taken(outbox)).toEqual(["one", "other"]);
});

test("a message of unknown outcome is sent again, first", () => {
  const outbox = outboxWith("one", "two");
  taken(outbox);

  outbox.refused("one", CUT, 1_000);

  expect(taken(outbox, 1_000)).toEqual([]);
  expect(taken(outbox, 1_200)).toEqual(["one"]);
});

test("any number of lost connections does not make a message fail", () => {
  const outbox = outboxWith("one");

  for (let time = 0; time < 20_000; time += 1_000) {
    expect(taken(outbox, time)).toEqual(["one"]);
    outbox.refused("one", CUT, time);
  }
});

test("a refusal for now is tried again, later each time", () => {
  const outbox = outboxWith("one");
  taken(outbox);

  outbox.refused("one", BUSY, 0);
  expect(outbox.next).toBe(500);
  taken(outbox, 500);
  outbox.refused("one", BUSY, 500);

  expect(outbox.next).toBe(1_500);
});

test("the server's own time to wait is kept", () => {
  const outbox = outboxWith("one");
  taken(outbox);

  outbox.refused("one", { ...REFUSED, code: "slow_mode", retry_after_ms: 9_000 }, 100);

  expect(outbox.next).toBe(9_100);
});

test("it is tried about every two seconds, and after half a minute a person decides", () => {
  const outbox = outboxWith("one");

  let now = 0;
  for (let next: number | null = 0; next !== null; next = outbox.next) {
    expect(next - now).toBeLessThanOrEqual(2_000);
    now = next;
    expect(taken(outbox, now)).toEqual(["one"]);
    outbox.refused("one", BUSY, now);
  }

  expect(now).toBeGreaterThan(15_000);
  expect(now).toBeLessThan(40_000);
  expect(outbox.items).toMatchObject([{ state: "failed", problem: BUSY }]);
});

test("an error inside the server is tried once more only", () => {
  const outbox = outboxWith("one");

  for (const now of [0, 1_000]) {
    taken(outbox, now);
    outbox.refused("one", localProblem("internal", "Oh."), now);
  }

  expect(outbox.items).toMatchObject([{ state: "failed" }]);
});

test("a failed message lets the next one pass", () => {
  const outbox = outboxWith("one", "two");
  taken(outbox);

  outbox.refused("one", REFUSED, 0);

  expect(taken(outbox)).toEqual(["two"]);
});

test("a failed message can be sent again or given up", () => {
  const outbox = outboxWith("one", "two");
  taken(outbox);
  outbox.refused("one", REFUSED, 0);
  taken(outbox);
  outbox.refused("two", REFUSED, 0);

  outbox.resend("one");
  outbox.remove("two");

  expect(outbox.items).toMatchObject([{ client_msg_id: "one", state: "waiting", problem: null }]);
  expect(taken(outbox)).toEqual(["one"]);
});

test("accepted messages go when their events have come", () => {
  const outbox = outboxWith("one", "two");
  outbox.accepted("one", 5);
  outbox.accepted("two", 6);

  outbox.removeUpTo("A", 5);
  outbox.removeUpTo("B", 9);

  expect(outbox.items.map((item) => item.client_msg_id)).toEqual(["two"]);
});

test("what is not known can be removed, sent again and refused without harm", () => {
  const outbox = outboxWith("one");

  outbox.remove("other");
  outbox.resend("other");
  outbox.refused("other", BUSY, 0);

  expect(outbox.items).toHaveLength(1);
});

test("an outbox with nothing to send is due never", () => {
  expect(outboxWith().next).toBeNull();
});
