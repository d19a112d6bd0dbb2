import { describe, expect, test } from "vitest";
import { ALICE, BOB } from "../support/frames.ts";
import type { Prepared } from "../support/http.ts";
import { opened, ROOM, settled, type World } from "../support/world.ts";

const LINE = "GET /v1/rooms/A";
const UNTIL = "2026-03-01T12:00:00Z";
const MUTED = { ...ROOM, is_muted: true, muted_until: UNTIL };

function looks(world: World): number {
  return world.server.lines.filter((line) => line === LINE).length;
}

describe("somebody who is muted", () => {
  test("knows it when the room is opened, and when the connection comes after that", async () => {
    const world = await opened();
    world.server.on(LINE, 200, MUTED);

    world.app.conversations.close("A");
    world.app.conversations.open("A");
    await settled();
    expect(world.conversation.mute).toEqual({ until: UNTIL });

    world.tellJoined();
    await settled();
    expect(world.conversation.mute).toEqual({ until: UNTIL });
  });

  test("hears what became of it while nobody listened", async () => {
    const world = await opened();

    world.server.on(LINE, 200, MUTED);
    world.tellEvent(6, { type: "member_updated", person: ALICE, role: "member" });
    await settled();
    expect(world.conversation.mute).toEqual({ until: UNTIL });

    world.server.on(LINE, 200, ROOM);
    world.tellJoined();
    await settled();
    expect(world.conversation.mute).toBeNull();

    world.server.on(LINE, 200, { ...MUTED, muted_until: null });
    world.tell({ type: "reload", room_id: "A", isGap: true });
    await settled();
    expect(world.conversation.mute).toEqual({ until: null });
  });

  test("is not asked for where it was others, and nobody was muted", async () => {
    const world = await opened();
    const before = looks(world);

    world.tellEvent(6, { type: "member_updated", person: BOB, role: "member" });
    world.tellJoined();
    await settled();

    expect(looks(world)).toBe(before);
  });

  test("learns nothing from an answer that is older than another", async () => {
    const world = await opened();
    const answers: ((prepared: Prepared) => void)[] = [];
    world.server.serve(LINE, () => new Promise((answer) => answers.push(answer)));
    const change = { type: "member_updated", person: ALICE, role: "member" } as const;
    world.tellEvent(6, change);
    world.tellEvent(7, change);
    await settled();

    answers[1]?.({ status: 200, body: MUTED });
    answers[0]?.({ status: 200, body: ROOM });
    await settled();

    expect(world.conversation.mute).toEqual({ until: UNTIL });
  });
});
