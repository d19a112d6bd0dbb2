import { describe, expect, test } from "vitest";
import { namesOf, spoken, withIds, withNames } from "#app/conversation/mentions.ts";
import { oneLine } from "#app/conversation/text/plain.ts";
import { ALICE, BOB } from "../support/frames.ts";

function id(letter: string): string {
  return "01a1fb15-81ae-72cf-97b7-c05da567e82a".replaceAll(/\w/g, letter);
}

const NAMES = namesOf([
  { person: { ...ALICE, id: id("a"), name: "Alice" }, role: "owner" },
  { person: { ...BOB, id: id("b"), name: "Bob" }, role: "member" },
  { person: { ...BOB, id: id("c"), name: "Bob Ünal (he)" }, role: "member" },
]);

describe("a name", () => {
  test.each([
    ["@Alice!", `<@${id("a")}>!`],
    ["hi @alice, @bob", `hi <@${id("a")}>, <@${id("b")}>`],
    ["@Bob Ünal (he) @Bob", `<@${id("c")}> <@${id("b")}>`],
    ["a@Bob.example @Bobby @Bobé", "a@Bob.example @Bobby @Bobé"],
    [`<@${id("a")}>`, `<@${id("a")}>`],
  ])("in %s is sent as an id", (text, content) => {
    expect(withIds(text, NAMES)).toBe(content);
  });

  test("is what an author sees again, if it is known", () => {
    expect(withNames(`<@${id("a")}> <@${id("f")}>`, NAMES)).toBe(`@Alice <@${id("f")}>`);
  });

  test("is what others read, known or not", () => {
    expect(spoken(`<@${id("a")}> <@${id("f")}>`, NAMES)).toBe("@Alice @somebody");
  });
});

test.each([
  ["**Hello** _there_\n\nagain", "Hello there again"],
  ["```py\nx = 1\n```", "x = 1"],
  ["snake_case 2*3*4", "snake_case 2*3*4"],
  ["- tea\n- [milk](https://a.example)", "tea, milk"],
  [`<@${id("b")}>, look`, "@Bob, look"],
  ["x".repeat(500), "x".repeat(160)],
])("a message is quoted in one line: %j", (content, line) => {
  expect(oneLine(content, NAMES)).toBe(line);
});
