import { describe, expect, test } from "vitest";
import type { Page } from "#api/pages.ts";
import { fromMiddle, fromPage, trimmed, withNewer, withOlder } from "#state/windows.ts";
import type { Message } from "#wire/shapes.ts";
import { messageOf } from "../support/messages.ts";

function pageOf(seqs: readonly number[], next: string | null = null): Page<Message> {
  return { items: seqs.map((seq) => messageOf(seq)), next };
}

function seqsIn({ messages }: { readonly messages: readonly Message[] }): number[] {
  return messages.map(({ seq }) => seq);
}

describe("a stretch of a room", () => {
  test("grows in front, without what is there already", () => {
    const stretch = withOlder(fromPage(pageOf([3, 4], "older")), pageOf([1, 2, 3], "older"));

    expect(seqsIn(stretch)).toEqual([1, 2, 3, 4]);
    expect(stretch.older).toBe(1);
    expect(withOlder(stretch, pageOf([])).older).toBeNull();
  });

  test("from the middle of a room grows behind until it reaches the end", () => {
    const middle = fromMiddle(pageOf([3, 5, 6, 8], "older"), 5, 4);
    expect(middle).toMatchObject({ older: 3, newer: 8 });

    const more = withNewer(middle, pageOf([8, 9, 12], "newer"));
    expect(seqsIn(more)).toEqual([3, 5, 6, 8, 9, 12]);
    expect(more.newer).toBe(12);

    expect(withNewer(more, pageOf([])).newer).toBeNull();
  });

  test("around one of the last messages reaches the end already", () => {
    expect(fromMiddle(pageOf([3, 5, 6], "older"), 5, 4).newer).toBeNull();
  });

  test("is the same stretch while it only grows", () => {
    const stretch = fromPage(pageOf([3], "older"));

    expect(withNewer(withOlder(stretch, pageOf([1])), pageOf([4])).origin).toBe(stretch.origin);
    expect(fromPage(pageOf([3])).origin).not.toBe(stretch.origin);
  });
});

describe("very many messages", () => {
  const many = Array.from({ length: 10_001 }, (_, index) => index + 1);

  test("are let go from the oldest on, to be read again", () => {
    const stretch = trimmed(fromPage(pageOf(many)));

    expect(stretch.messages).toHaveLength(1_000);
    expect(stretch.messages.at(-1)?.seq).toBe(10_001);
    expect(stretch.older).toBe(9_002);
  });

  test("all stay while the end is not among them", () => {
    const stretch = { ...fromPage(pageOf(many)), newer: 10_001 };

    expect(trimmed(stretch)).toBe(stretch);
  });

  test("that are not so many all stay", () => {
    const stretch = fromPage(pageOf(many.slice(1)));

    expect(trimmed(stretch)).toBe(stretch);
  });
});
