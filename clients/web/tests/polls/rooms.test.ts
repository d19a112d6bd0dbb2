import { describe, expect, test } from "vitest";
import { messageEvent as event } from "../support/frames.ts";
import { answer, at, Line, ready } from "../support/line.ts";
import { settled } from "../support/world.ts";

const ROOM = { id: "A", kind: "public", title: "General", topic: "", role: "member" };

/** Answer what a join asks for beside the polls: the room, and that Bob is there and away. */
async function answerJoin(line: Line): Promise<void> {
  await line.last("GET /v1/rooms/A").answer({ users: ["bob"], count: 1 });
  await line.asked.find(({ request }) => request.path === "/v1/rooms/A")?.answer(ROOM);
  const seen = { person_id: "bob", state: "away", status_text: null };
  await line.last("GET /v1/presence").answer({ items: [seen] });
}

describe("a room", () => {
  test("that is joined lets a poll begin at once, and then tells who is there", async () => {
    const line = await new Line().begin("B");
    const held = line.poll.request.signal;

    line.say({ type: "join_room", ref: "r2", data: { room_id: "A" } });
    await settled();
    expect(held?.aborted).toBe(true);
    expect(line.polled).toMatchObject({ cursors: { A: null, ...at(3, "B") }, timeout_ms: 0 });
    await line.poll.answer(answer({ cursors: at(7, "A", "B") }));
    await answerJoin(line);

    const away = { person_id: "bob", state: "away", status_text: null, rev: 0 };
    expect(line.heard).toEqual([
      {
        type: "room_joined",
        ref: "r2",
        data: {
          ...{ room_id: "A", epoch: "e1", head_seq: 7, read_seq: 0, role: "member" },
          ...{ recovered: true, online: ["bob"], online_count: 1, states: [away] },
        },
      },
    ]);
  });

  test("that is heard already is joined beside the poll, where it stands by then", async () => {
    const line = await new Line().begin("A");
    const polls = line.polls;

    line.say({ type: "join_room", ref: "r2", data: { room_id: "A" } });
    await line.poll.answer(answer({ events: [event("A", 4)], cursors: at(4, "A") }));
    await answerJoin(line);

    expect(line.polls).toBe(polls);
    expect(line.heard.at(-1)).toMatchObject({ type: "room_joined", data: { head_seq: 4 } });
  });

  test("that one may not know of cannot be joined", async () => {
    const line = await new Line().begin();

    line.say({ type: "join_room", ref: "r2", data: { room_id: "A" } });
    await line.poll.answer(answer()); // It was under way before.
    await line.poll.answer(answer({ cursors: { A: { recovered: false, reason: "not_found" } } }));

    expect(line.heard.at(-1)).toMatchObject({
      type: "error",
      ref: "r2",
      data: { code: "not_found", retryable: false },
    });
  });

  test("that is left is not asked for again", async () => {
    const line = await new Line().begin("A", "B");

    line.say({ type: "leave_room", ref: "r2", data: { room_id: "A" } });
    await line.poll.answer(answer({ cursors: at(3, "A", "B"), more: true }));

    expect(line.heard).toEqual([
      { type: "room_left", ref: "r2", data: { room_id: "A", reason: "client" } },
    ]);
    expect(line.polled).toMatchObject({ cursors: at(3, "B") });
  });

  test("of which much was missed is said not to be recovered", async () => {
    const line = await new Line().begin();
    const rooms = [{ room_id: "A", seq: 1, epoch: "e1" }];
    const gap = { type: "gap", room_id: "A", data: { to_seq: 900, reason: "too_many" } };

    line.say({ type: "resume", ref: "r2", data: { rooms } });
    await settled();
    await line.poll.answer(answer({ events: [gap], cursors: at(900, "A") }));

    expect(line.heard).toEqual([
      gap,
      {
        type: "resumed",
        ref: "r2",
        data: { rooms: [{ room_id: "A", recovered: false, reason: "too_many" }] },
      },
    ]);
  });
});

test("what falls between two polls is said a minute later", async () => {
  const line = await new Line().begin("A");
  line.say({ type: "join_room", ref: "r2", data: { room_id: "A" } });
  await answerJoin(line);
  line.heard.length = 0;

  await line.pass(30_000);
  await line.poll.answer(answer({ cursors: at(3, "A") }));
  await line.pass(30_000);
  await line.poll.answer(answer({ cursors: at(3, "A") }));
  expect(line.polled).toMatchObject({ greet: true });
  await line.poll.answer(
    answer({ hello: {}, ready: ready("A", "B"), cursors: at(3, "A"), more: true }),
  );
  await line.last("GET /v1/rooms/B").answer({ ...ROOM, id: "B", title: "Backyard" });
  await line.last("GET /v1/rooms/A/presence").answer({ users: [], count: 0 });

  expect(line.heard).toMatchObject([
    { type: "room_added", data: { room_id: "B", title: "Backyard", role: "member" } },
    { type: "presence", room_id: "A", data: { users: [], online_count: 0 } },
  ]);
});
