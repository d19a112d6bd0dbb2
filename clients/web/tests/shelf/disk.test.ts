import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { describe, expect, test } from "vitest";
import type { User } from "#api/session.ts";
import type { Written } from "#protocol/outbox.ts";
import { DiskShelves } from "#shelf/disk.ts";
import { PERSON_STEPS, type Step } from "#shelf/schema.ts";
import {
  type KeptRoom,
  MOST_MESSAGES,
  MOST_PICTURES,
  NOTHING_KEPT,
  NotKept,
  type Shelf,
} from "#shelf/shelf.ts";
import { NEW } from "#state/roomlist.ts";
import { localProblem } from "#wire/problem.ts";
import { messageOf } from "../support/messages.ts";
import { ROOM } from "../support/world.ts";

const ALICE: User = { id: "alice", name: "Alice", email: null };
const BOB: User = { id: "bob", name: "Bob", email: null };

/** A disk, and pages that use it. */
class Machine {
  readonly indexedDB = new IDBFactory();
  now = 0;
  readonly timers: (() => void)[] = [];
  readonly clock = {
    now: () => this.now,
    setTimer: (ring: () => void) => {
      this.timers.push(ring);
      return () => {};
    },
  };

  shelves(page = "page", steps?: readonly Step[]): DiskShelves {
    return new DiskShelves({ indexedDB: this.indexedDB, IDBKeyRange }, this.clock, page, steps);
  }

  open(user = ALICE, page = "page"): Promise<Shelf> {
    return this.shelves(page).open(user);
  }
}

function written(id: string, roomId = "A"): Written {
  return { client_msg_id: id, room_id: roomId, content: id, reply_to: null, written_at: 0 };
}

function listed(id: string): KeptRoom {
  return { ...NEW, room: { ...ROOM, id }, unread: 1, head: 9, read: 8 };
}

function pictureOf(id: string, seqs: readonly number[] = [1]) {
  return { room: { ...ROOM, id }, members: [], messages: seqs.map((seq) => messageOf(seq)) };
}

describe("the outbox", () => {
  test("is in one order over all pages", async () => {
    const machine = new Machine();
    const [first, second] = [await machine.open(ALICE, "p1"), await machine.open(ALICE, "p2")];

    await first.post(written("one"));
    await second.post(written("two"));
    const list = await first.post(written("three"));

    expect(list.map((item) => item.client_msg_id)).toEqual(["one", "two", "three"]);
    expect(list[0]).toEqual({ ...written("one"), state: "waiting", problem: null });
    expect((await second.read()).outbox).toEqual(list);
  });

  test("takes a message and empties its draft in one step", async () => {
    const shelf = await new Machine().open();
    await shelf.writeDraft({ room_id: "A", text: "one" });

    await shelf.post(written("one"));

    expect(await shelf.read()).toMatchObject({
      drafts: [{ room_id: "A", text: "" }],
      outbox: [{ client_msg_id: "one" }],
    });
  });

  test("leaves the draft alone when the message could not be put there", async () => {
    const shelf = await new Machine().open();
    await shelf.post(written("one"));
    await shelf.writeDraft({ room_id: "A", text: "two" });

    await expect(shelf.post(written("one"))).rejects.toBeInstanceOf(NotKept);

    expect((await shelf.read()).drafts).toMatchObject([{ text: "two" }]);
  });

  test("writes down what became of messages; of those that are gone, nothing", async () => {
    const shelf = await new Machine().open();
    for (const id of ["one", "two"]) await shelf.post(written(id));
    const problem = localProblem("muted", "Not now.");

    const list = await shelf.rule([
      { client_msg_id: "one", is: "gone" },
      { client_msg_id: "two", is: "failed", problem },
      { client_msg_id: "three", is: "failed", problem },
    ]);
    expect(list).toMatchObject([{ client_msg_id: "two", state: "failed", problem }]);

    const again = await shelf.rule([{ client_msg_id: "two", is: "waiting" }]);
    expect(again).toMatchObject([{ state: "waiting", problem: null }]);
  });

  test("counts on where it was, also after it was emptied", async () => {
    const machine = new Machine();
    const shelf = await machine.open();
    await shelf.post(written("one"));
    await shelf.forgetAll();
    await shelf.post(written("two"));

    const list = await shelf.post(written("three"));

    expect(list.map((item) => item.client_msg_id)).toEqual(["two", "three"]);
  });
});

describe("what was read", () => {
  test("never goes back", async () => {
    const shelf = await new Machine().open();

    for (const seq of [5, 3]) await shelf.markRead({ room_id: "A", seq });

    expect((await shelf.read()).reads).toEqual([{ room_id: "A", seq: 5 }]);
  });
});

describe("what was seen", () => {
  test("is kept as it was last, and forgotten with its room", async () => {
    const shelf = await new Machine().open();
    await shelf.keepRooms([listed("A"), listed("B")], []);
    await shelf.keepPicture(pictureOf("A"));

    await shelf.keepRooms([{ ...listed("B"), unread: 5 }], ["A"]);

    expect((await shelf.read()).rooms).toEqual([{ ...listed("B"), unread: 5 }]);
    expect(await shelf.picture("A")).toBeNull();
  });

  test("is bounded: the newest messages of the conversations kept last", async () => {
    const machine = new Machine();
    const shelf = await machine.open();
    const seqs = Array.from({ length: MOST_MESSAGES + 1 }, (_, at) => at + 1);
    await shelf.keepPicture(pictureOf("first", seqs));
    expect((await shelf.picture("first"))?.messages[0]?.seq).toBe(2);

    for (let at = 0; at < MOST_PICTURES; at += 1) {
      machine.now += 1;
      await shelf.keepPicture(pictureOf(`room${at}`));
    }

    expect(await shelf.picture("first")).toBeNull();
    expect(await shelf.picture("room0")).not.toBeNull();
  });

  test("is forgotten when the session ends, and what the person wrote is not", async () => {
    const machine = new Machine();
    const shelf = await machine.open();
    await shelf.keepRooms([listed("A")], []);
    await shelf.keepPicture(pictureOf("A"));
    await shelf.writeDraft({ room_id: "A", text: "Hel" });
    await shelf.post(written("one", "B"));

    await shelf.forgetSeen();

    const kept = await (await machine.open()).read();
    expect(kept.rooms).toEqual([]);
    expect(await shelf.picture("A")).toBeNull();
    expect(kept.outbox).toHaveLength(1);
    expect(kept.drafts).toMatchObject([{ text: "Hel" }, { text: "" }]);
  });

  test("and done is not kept by a page that has not heard yet of a log-out on another one", async () => {
    const machine = new Machine();
    const [first, second] = [await machine.open(), await machine.open()];
    await first.forgetAll();

    await second.keepRooms([listed("A")], []);
    await second.keepPicture(pictureOf("A"));
    await second.writeDraft({ room_id: "A", text: "Hel" });
    await second.markRead({ room_id: "A", seq: 5 });

    expect(await second.read()).toEqual(NOTHING_KEPT);
    expect(await second.picture("A")).toBeNull();
  });

  test("makes room for messages", async () => {
    const shelf = await new Machine().open();
    await shelf.keepPicture(pictureOf("A"));

    await shelf.forgetPictures();

    expect(await shelf.picture("A")).toBeNull();
  });
});

describe("people", () => {
  test("have a shelf each", async () => {
    const machine = new Machine();
    await (await machine.open(ALICE)).post(written("one"));

    expect((await (await machine.open(BOB)).read()).outbox).toEqual([]);
    expect((await (await machine.open(ALICE)).read()).outbox).toHaveLength(1);
  });

  test("are remembered, the last one, until they go", async () => {
    const shelves = new Machine().shelves();
    expect(await shelves.last()).toBeNull();

    await shelves.setLast(ALICE);
    await shelves.setLast(BOB);
    await shelves.forgetLast("alice");
    expect(await shelves.last()).toEqual(BOB);

    await shelves.forgetLast("bob");
    expect(await shelves.last()).toBeNull();
  });
});

describe("another version", () => {
  const NEXT: Step = {
    version: 3,
    tables: { outbox: "++place, &client_msg_id, room_id" },
    upgrade: async (rows) => {
      await rows.table("pictures").clear();
    },
  };

  test("takes over what a person did, and reads the rest again", async () => {
    const machine = new Machine();
    const old = await machine.shelves("old", PERSON_STEPS.slice(0, 1)).open(ALICE);
    await old.post(written("one"));
    await old.markRead({ room_id: "A", seq: 5 });
    await old.keepRooms([listed("A")], []);
    await old.keepPicture(pictureOf("A"));

    const shelf = await machine.open();

    expect(await shelf.read()).toMatchObject({
      outbox: [{ client_msg_id: "one" }],
      reads: [{ room_id: "A", seq: 5 }],
      rooms: [],
    });
    expect(await shelf.picture("A")).toBeNull();
  });

  test("does not keep a page of the one before from sending", async () => {
    const machine = new Machine();
    const old = await machine.open();
    await machine.shelves("new", [...PERSON_STEPS, NEXT]).open(ALICE);

    await old.post(written("one"));

    expect((await (await machine.open()).read()).outbox).toHaveLength(1);
  });
});

describe("a disk that does not work", () => {
  test("is not there at all: nothing is kept", async () => {
    const machine = new Machine();
    const disk = { indexedDB: undefined, IDBKeyRange } as never; // As in a browser that has none.
    const shelves = new DiskShelves(disk, machine.clock, "page");

    await expect(shelves.last()).rejects.toBeInstanceOf(NotKept);
    await expect(shelves.open(ALICE)).rejects.toBeInstanceOf(NotKept);
  });

  test("is forbidden: nothing is kept", async () => {
    const machine = new Machine();
    machine.indexedDB.open = () => {
      throw new DOMException("The user denied permission.", "SecurityError");
    };

    await expect(machine.open()).rejects.toBeInstanceOf(NotKept);
  });

  test("does not answer: nobody waits for it for long", async () => {
    const machine = new Machine();
    machine.indexedDB.open = () => new EventTarget() as IDBOpenDBRequest;

    const opening = machine.open();
    for (const ring of machine.timers) ring();

    await expect(opening).rejects.toBeInstanceOf(NotKept);
  });
});
