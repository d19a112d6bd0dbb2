/** The part of the outbox that several pages share. */

import { describe, expect, test } from "vitest";
import { Outbox, type Shared } from "#protocol/outbox.ts";
import { localProblem, type Problem } from "#wire/problem.ts";

const REFUSED: Problem = { ...localProblem("muted", "Not now."), retryable: false };
const BUSY = localProblem("unavailable", "Later.");

function shared(id: string, other: Partial<Shared> = {}): Shared {
  const written = { client_msg_id: id, room_id: "A", content: id, reply_to: null, written_at: 0 };
  return { ...written, state: "waiting", problem: null, ...other };
}

function carrier(...list: Shared[]): Outbox {
  const outbox = new Outbox(() => 0);
  outbox.isCarrier = true;
  outbox.share(list);
  return outbox;
}

function ids(outbox: Outbox): string[] {
  return outbox.items.map((item) => item.client_msg_id);
}

function taken(outbox: Outbox, now = 0): string[] {
  return outbox.take(now).map((item) => item.client_msg_id);
}

describe("what is shared", () => {
  test("is sent by the page that carries it, and by no other", () => {
    const outbox = carrier(shared("one"));
    outbox.isCarrier = false;

    expect(taken(outbox)).toEqual([]);
    expect(outbox.next).toBeNull();
    outbox.isCarrier = true;
    expect(outbox.next).toBe(0);
    expect(taken(outbox)).toEqual(["one"]);
  });

  test("is not what only this page has: that is always sent", () => {
    const outbox = new Outbox(() => 0);

    outbox.add(shared("own"));

    expect(taken(outbox)).toEqual(["own"]);
  });

  test("stands in its own order, in front of what only this page has", () => {
    const outbox = carrier(shared("two"));
    outbox.add(shared("own"));

    outbox.share([shared("one"), shared("two"), shared("three")]);

    expect(ids(outbox)).toEqual(["one", "two", "three", "own"]);
  });

  test("goes when it is gone for the others", () => {
    const outbox = carrier(shared("one"), shared("two"));
    taken(outbox);

    outbox.share([shared("two")]);

    expect(ids(outbox)).toEqual(["two"]);
    expect(taken(outbox)).toEqual(["two"]);
  });

  test("keeps what this page knows of its way", () => {
    const outbox = carrier(shared("one"), shared("two"));
    taken(outbox);
    outbox.accepted("one", 7);
    taken(outbox);
    outbox.refused("two", BUSY, 0);

    outbox.share([shared("one"), shared("two"), shared("three")]);

    expect(outbox.items).toMatchObject([{ state: "accepted", seq: 7 }, {}, {}]);
    expect(outbox.next).toBe(500);
  });

  test("is the same list while nothing in it has changed", () => {
    const outbox = carrier(shared("one"));
    const before = outbox.items;

    outbox.share([shared("one")]);

    expect(outbox.items).toBe(before);
  });

  test("has failed here when it failed elsewhere, and may be tried again from anywhere", () => {
    const outbox = carrier(shared("one"));

    outbox.share([shared("one", { state: "failed", problem: REFUSED })]);
    expect(outbox.items).toMatchObject([{ state: "failed", problem: REFUSED }]);
    expect(taken(outbox)).toEqual([]);

    outbox.share([shared("one")]);
    expect(outbox.items).toMatchObject([{ state: "waiting", problem: null }]);
    expect(taken(outbox)).toEqual(["one"]);
  });

  test("is accepted even if another page gave it up as failed meanwhile", () => {
    const outbox = carrier(shared("one"));
    taken(outbox);
    outbox.share([shared("one", { state: "failed", problem: REFUSED })]);

    outbox.accepted("one", 7);

    expect(outbox.items).toMatchObject([{ state: "accepted", problem: null, seq: 7 }]);
  });
});

test("two pages that both carry keep the order of a room, and each message once", () => {
  const log: string[] = [];
  let list = [shared("one"), shared("two"), shared("three")];
  const pages = [carrier(...list), carrier(...list)];

  // Each page in turn sends what it may; the answer comes a round later, the disk is told last.
  const answers: (() => void)[] = [];
  for (let round = 0; round < 8; round += 1) {
    for (const answer of answers.splice(0)) answer();
    for (const page of pages) {
      for (const { client_msg_id: id } of page.take(0)) {
        if (!log.includes(id)) log.push(id);
        answers.push(() => page.accepted(id, log.indexOf(id) + 1));
      }
    }
    list = list.filter(({ client_msg_id }) => log.indexOf(client_msg_id) !== round - 2);
    pages[round % 2]?.share(list);
  }

  expect(log).toEqual(["one", "two", "three"]);
});
