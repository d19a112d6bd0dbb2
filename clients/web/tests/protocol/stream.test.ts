import { expect, test } from "vitest";
import type { RoomEvent } from "#protocol/frames.ts";
import { MOST_HELD, Stream } from "#protocol/stream.ts";

function event(seq: number): RoomEvent {
  return { room_id: "A", seq, change: { type: "unknown" } };
}

function seqs(events: readonly RoomEvent[]): number[] {
  return events.map(({ seq }) => seq);
}

function streamAt(last: number): Stream {
  const stream = new Stream();
  stream.restart("e1", last);
  return stream;
}

test("the next event is applied at once", () => {
  expect(seqs(streamAt(7).take(event(8)))).toEqual([8]);
});

test("an event seen before is dropped and not kept", () => {
  const stream = streamAt(7);

  expect(stream.take(event(7))).toEqual([]);
  expect(stream.take(event(3))).toEqual([]);

  expect(stream.isBehind).toBe(false);
});

test("events before the room was joined are dropped", () => {
  expect(new Stream().take(event(1))).toEqual([]);
});

test("events behind a hole come when it is filled", () => {
  const stream = streamAt(7);

  expect(stream.take(event(10))).toEqual([]);
  expect(stream.take(event(9))).toEqual([]);
  expect(stream.isBehind).toBe(true);

  expect(seqs(stream.take(event(8)))).toEqual([8, 9, 10]);
  expect(stream.isBehind).toBe(false);
});

test("every event comes once and in order, however they were shuffled and doubled", () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const stream = streamAt(0);
    const applied = shuffled(seed).flatMap((seq) => seqs(stream.take(event(seq))));
    expect(applied, `seed ${seed}`).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  }
});

test("skipping to a seq forgets what lies before and releases what lies behind", () => {
  const stream = streamAt(7);
  stream.take(event(9));
  stream.take(event(12));

  expect(seqs(stream.skipTo(11))).toEqual([12]);
  expect(stream.last).toBe(12);
});

test("skipping never goes back", () => {
  const stream = streamAt(7);

  stream.skipTo(3);

  expect(stream.last).toBe(7);
});

test("giving up on a hole goes on with what is held", () => {
  const stream = streamAt(7);
  stream.take(event(20));
  stream.take(event(21));

  expect(seqs(stream.skipHole())).toEqual([20, 21]);
});

test("giving up with nothing held goes on at the head", () => {
  const stream = streamAt(7);
  stream.head = 30;

  expect(stream.skipHole()).toEqual([]);

  expect(stream.last).toBe(30);
});

test("a cut forgets what was held, since it will be sent again", () => {
  const stream = streamAt(7);
  stream.take(event(9));

  stream.cut();

  expect(stream.isBehind).toBe(false);
  expect(seqs(stream.take(event(8)))).toEqual([8]);
});

test("a stream says when too much is held", () => {
  const stream = streamAt(0);

  for (let seq = 2; seq <= MOST_HELD + 1; seq += 1) stream.take(event(seq));
  expect(stream.isOverfull).toBe(false);

  stream.take(event(MOST_HELD + 2));
  expect(stream.isOverfull).toBe(true);
});

/** 1 to 40, each twice, in an order that the seed decides. */
function shuffled(seed: number): number[] {
  const numbers = Array.from({ length: 80 }, (_, index) => (index % 40) + 1);
  let state = seed;
  for (let index = numbers.length - 1; index > 0; index -= 1) {
    state = (state * 16_807) % 2_147_483_647;
    const other = state % (index + 1);
    const kept = numbers[index] ?? 0;
    numbers[index] = numbers[other] ?? 0;
    numbers[other] = kept;
  }
  return numbers;
}
