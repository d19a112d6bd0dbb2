/** The mailbag and the drafts on a shelf that takes its time. */

import { describe, expect, test } from "vitest";
import type { Shared, Unsent } from "#protocol/outbox.ts";
import { LastingShelf } from "#shelf/lasting.ts";
import { MemoryShelf } from "#shelf/memory.ts";
import type { Draft, Shelf } from "#shelf/shelf.ts";
import { Drafts } from "#state/drafts.ts";
import { Mailbag } from "#state/mailbag.ts";
import { unsent } from "../support/messages.ts";
import { RecordingClient, settled } from "../support/world.ts";

const SLOW = ["post", "rule", "writeDraft"];

/** A shelf that writes nothing before it is let. */
function slow(outbox: readonly Shared[] = []) {
  let go = () => {};
  const isLet = new Promise<void>((resolve) => {
    go = resolve;
  });
  const drafts: Draft[] = [];
  const shelf: Shelf = new Proxy<Shelf>(new MemoryShelf(outbox), {
    get(target, name) {
      if (name === "isShared") return true;
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      if (!SLOW.includes(String(name))) return member.bind(target);
      return async (given: Draft) => {
        await isLet;
        if (name === "writeDraft") drafts.push(given);
        return member.call(target, given);
      };
    },
  });
  const finish = () => {
    go();
    return settled();
  };
  return { shelf, drafts, finish };
}

function shared(id: string): Shared {
  const { seq: _, ...item } = unsent(id);
  return { ...item, state: "waiting" };
}

function mailbagOn(shelf: Shelf, outbox: readonly Shared[] = []) {
  const client = new RecordingClient();
  const shown: string[][] = [];
  const mailbag = new Mailbag(new LastingShelf(shelf, outbox, () => {}), client, (items) =>
    shown.push(items.map((item: Unsent) => item.client_msg_id)),
  );
  mailbag.start();
  return { mailbag, client, shown };
}

function sharedIn(client: RecordingClient): string[] {
  const last = client.wishes.findLast((wish) => wish.is === "share");
  return last?.is === "share" ? last.items.map((item) => item.client_msg_id) : [];
}

describe("the mailbag", () => {
  test("shows a message at once, and gives it to the protocol when it is kept", async () => {
    const { shelf, finish } = slow();
    const { mailbag, client, shown } = mailbagOn(shelf);

    void mailbag.send(shared("one"));
    await settled();
    expect(shown.at(-1)).toEqual(["one"]);
    expect(sharedIn(client)).toEqual([]);

    await finish();
    expect(sharedIn(client)).toEqual(["one"]);
  });

  test("hears no older list of the shelf while its own change is under way", async () => {
    const list = [shared("one"), shared("two")];
    const { shelf, finish } = slow(list);
    const { mailbag, client } = mailbagOn(shelf, list);
    mailbag.hear([unsent("two")]);

    mailbag.hearShelf(list);
    expect(client.wishes.filter((wish) => wish.is === "share")).toHaveLength(1);

    await finish();
    expect(sharedIn(client)).toEqual(["two"]);
  });

  test("carries only after it has read what is there", async () => {
    const { mailbag, client } = mailbagOn(slow([shared("one")]).shelf);

    await mailbag.carry(true);

    expect(client.wishes.map((wish) => wish.is)).toEqual(["share", "carry"]);
    expect(client.wishes.at(-1)).toEqual({ is: "carry", isCarrier: true });
    expect(sharedIn(client)).toEqual(["one"]);
  });

  test("does not carry if the lock is lost while it reads", async () => {
    const { mailbag, client } = mailbagOn(slow([shared("one")]).shelf);

    const carrying = mailbag.carry(true);
    await mailbag.carry(false);
    await carrying;

    expect(client.wishes.map((wish) => wish.is)).toEqual(["share"]);
  });

  test("sends again by itself what only the protocol knows", () => {
    const { mailbag, client } = mailbagOn(new MemoryShelf([]));

    mailbag.resend("own");

    expect(client.wishes).toEqual([{ is: "resend", client_msg_id: "own" }]);
  });
});

describe("drafts", () => {
  function draftsOn(shelf: Shelf) {
    const shown: string[] = [];
    const lasting = new LastingShelf(shelf, [], () => {});
    return { shown, drafts: new Drafts(lasting, ({ text }) => shown.push(text)) };
  }

  test("of which many come in a row are written once for all", async () => {
    const { shelf, drafts: written, finish } = slow();
    const { drafts } = draftsOn(shelf);

    for (const text of ["H", "He", "Hel"]) drafts.write("A", text);
    await finish();

    expect(written.map(({ text }) => text)).toEqual(["H", "Hel"]);
  });

  test("that are being written are not overwritten by another page's", async () => {
    const { shelf, finish } = slow();
    const { drafts, shown } = draftsOn(shelf);
    const other: Draft = { room_id: "A", text: "other" };

    drafts.write("A", "mine");
    drafts.hear([other]);
    expect(shown).toEqual(["mine"]);

    await finish();
    drafts.hear([other]);
    expect(shown).toEqual(["mine", "other"]);
  });

  test("that become messages do not come back while the shelf is at it", async () => {
    const { drafts, shown } = draftsOn(new MemoryShelf([]));
    let finish = () => {};
    const kept = new Promise<void>((resolve) => {
      finish = resolve;
    });

    drafts.turnIntoMessage("A", kept);
    drafts.hear([{ room_id: "A", text: "old" }]);
    expect(shown).toEqual([""]);

    finish();
    await settled();
    drafts.hear([{ room_id: "A", text: "new" }]);
    expect(shown).toEqual(["", "new"]);
  });
});
