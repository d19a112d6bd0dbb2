import { describe, expect, test } from "vitest";
import { localProblem } from "#wire/problem.ts";
import {
  count,
  countOr,
  flag,
  has,
  type Json,
  list,
  Malformed,
  object,
  part,
  partOr,
  text,
  textOr,
  texts,
  word,
} from "#wire/read.ts";

interface Cup {
  of: string;
  ml: number;
  is_hot: boolean;
  size?: "small" | "large" | null;
  lid: { colour: string };
  spoons: { long: boolean }[];
  names: string[];
}

const CUP: Json<Cup> = object({
  of: "tea",
  ml: 250,
  is_hot: true,
  size: null,
  lid: { colour: "red" },
  spoons: [{ long: true }, {}],
  names: ["Alice", 4],
});
const EMPTY: Json<Cup> = object({});

test("each reader takes the one member it is asked for", () => {
  expect(text(CUP, "of")).toBe("tea");
  expect(count(CUP, "ml")).toBe(250);
  expect(flag(CUP, "is_hot")).toBe(true);
  expect(text(part(CUP, "lid"), "colour")).toBe("red");
  expect(list(CUP, "spoons", (spoon) => flag(spoon, "long"))).toEqual([true, false]);
  expect(texts(CUP, "names")).toEqual(["Alice"]);
  expect(has(CUP, "lid")).toBe(true);
});

test("null counts as absent", () => {
  expect(has(CUP, "size")).toBe(false);
  expect(textOr(CUP, "size", "none")).toBe("none");
});

test("what may be missing has something in its place", () => {
  expect(countOr(EMPTY, "ml", 0)).toBe(0);
  expect(partOr(EMPTY, "lid")).toBeNull();
  expect(list(EMPTY, "spoons", () => 1)).toEqual([]);
  expect(texts(EMPTY, "names")).toEqual([]);
  expect(flag(EMPTY, "is_hot")).toBe(false);
});

test("what must be there and is not, or is something else, is malformed", () => {
  const odd: Json<Cup> = object({ of: 1, ml: -1, lid: [], spoons: {}, names: "Alice" });

  for (const cup of [EMPTY, odd]) {
    expect(() => text(cup, "of")).toThrow(Malformed);
    expect(() => count(cup, "ml")).toThrow(Malformed);
    expect(() => part(cup, "lid")).toThrow(Malformed);
  }
  expect(() => list(odd, "spoons", () => 1)).toThrow(Malformed);
  expect(() => texts(odd, "names")).toThrow(Malformed);
  expect(() => object("cup")).toThrow(Malformed);
});

test("a word of a newer server is taken for the one that stands for all others", () => {
  const newer: Json<Cup> = object({ size: "huge" });

  expect(word(newer, "size", ["small", "large"], "large")).toBe("large");
});

describe("a mistake of types is", () => {
  test("a member that the server does not have", () => {
    // @ts-expect-error
    expect(textOr(CUP, "off", null)).toBeNull();
    // @ts-expect-error
    expect(has(CUP, "handle")).toBe(false);
  });

  test("a member that it has as something else", () => {
    // @ts-expect-error
    expect(countOr(EMPTY, "of", 0)).toBe(0);
    // @ts-expect-error
    expect(partOr(EMPTY, "spoons")).toBeNull();
  });

  test("a word that it does not have", () => {
    // @ts-expect-error
    expect(word(CUP, "size", ["small", "tiny"], "small")).toBe("small");
  });

  test("a code that nobody says", () => {
    const problem = localProblem("timeout", "Too late.");

    expect(problem.code === "timeout").toBe(true);
    // @ts-expect-error
    expect(problem.code === "time_out").toBe(false);
  });

  test("an object of another kind", () => {
    const cupOf = (cup: Json<Cup>) => textOr(cup, "of", "");
    // @ts-expect-error
    expect(cupOf(part(CUP, "lid"))).toBe("");
  });
});

test("of JSON that is not known any member may be asked for", () => {
  const unknown: Json = object({ a: { b: "c" } });

  expect(text(part(unknown, "a"), "b")).toBe("c");
});
