import { describe, expect, test } from "vitest";
import { ranked } from "#app/rooms/switching.ts";
import type { Listed } from "#state/model.ts";
import { NEW } from "#state/roomlist.ts";
import type { Room } from "#wire/shapes.ts";
import { ALICE, BOB } from "../support/frames.ts";
import { ROOM } from "../support/world.ts";

function listed(title: string, other: Partial<Listed> = {}, room: Partial<Room> = {}): Listed {
  const kind = "public" as const;
  const named: Room = { ...ROOM, id: title, kind, title, topic: "", ...room };
  return { ...NEW, room: named, ...other };
}

function titlesFor(query: string, rooms: readonly Listed[]): string[] {
  return ranked(rooms, query, "alice").map(({ room }) => room.title);
}

describe("a few letters", () => {
  test("mean rooms that begin so, then words that do, then what holds them", () => {
    const rooms = ["Regarding", "Old garden", "Garden", "Kitchen"].map((title) => listed(title));

    expect(titlesFor("gard", rooms)).toEqual(["Garden", "Old garden", "Regarding"]);
  });

  test("need no capitals and no accents", () => {
    expect(titlesFor("cafe", [listed("Café")])).toEqual(["Café"]);
  });

  test("find a direct room by the name of the other", () => {
    const direct = listed("", {}, { id: "D", kind: "direct", people: [ALICE, BOB] });

    expect(ranked([direct], "bo", "alice")).toEqual([direct]);
    expect(ranked([direct], "alice", "alice")).toEqual([]);
  });

  test("that nothing holds find nothing", () => {
    expect(titlesFor("zoo", [listed("Garden")])).toEqual([]);
  });
});

describe("no letters at all", () => {
  test("mean what is for the reader first, then what is unread, then by title", () => {
    const rooms = [
      listed("Attic"),
      listed("Bicycles", { unread: 9 }),
      listed("Kitchen", { unread: 1, mentions: 1 }),
      listed("Zoo", { unread: 1 }),
    ];

    expect(titlesFor(" ", rooms)).toEqual(["Kitchen", "Bicycles", "Zoo", "Attic"]);
  });

  test("show no more than fit in sight", () => {
    const rooms = Array.from({ length: 30 }, (_, number) => listed(`Room ${number}`));

    expect(titlesFor("", rooms)).toHaveLength(8);
  });
});
