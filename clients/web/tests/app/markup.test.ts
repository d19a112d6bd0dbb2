import { describe, expect, test } from "vitest";
import { type Node, nodesOf } from "#app/conversation/markup.ts";
import { namesOf, withIds, withNames } from "#app/conversation/mentions.ts";
import { ALICE, BOB } from "../support/frames.ts";

const ID = "01a1fb15-81ae-72cf-97b7-c05da567e82a";

function linksIn(text: string): string[] {
  return nodesOf(text).flatMap((node) => (node.type === "link" ? node.text : []));
}

function words(nodes: readonly Node[]): string {
  return nodes
    .map((node) => {
      if (node.type === "person") return `<@${node.id}>`;
      return "nodes" in node ? words(node.nodes) : node.text;
    })
    .join("");
}

describe("a link", () => {
  test.each([
    ["see https://example.org/a?b=c#d now", ["https://example.org/a?b=c#d"]],
    ["https://a.example and http://b.example", ["https://a.example", "http://b.example"]],
    ["(https://example.org/a)", ["https://example.org/a"]],
    ["https://example.org/soup_(tomato).", ["https://example.org/soup_(tomato)"]],
    ["https://example.org/a, and so on", ["https://example.org/a"]],
    ["https://example.org/a_b_c and _d_", ["https://example.org/a_b_c"]],
    ["HTTPS://EXAMPLE.ORG", ["HTTPS://EXAMPLE.ORG"]],
  ])("is found in %s", (text, links) => {
    expect(linksIn(text)).toEqual(links);
  });

  test.each([
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "ftp://example.org",
    "https://",
    "example.org",
    "file:///etc/passwd",
    "`https://example.org`",
  ])("is never made of %s", (text) => {
    expect(linksIn(text)).toEqual([]);
  });
});

describe("signs", () => {
  test.each<[string, Node[]]>([
    ["`a *b*`", [{ type: "code", text: "a *b*" }]],
    ["**a**", [{ type: "strong", nodes: [{ type: "text", text: "a" }] }]],
    ["*a b*", [{ type: "slanted", nodes: [{ type: "text", text: "a b" }] }]],
    ["_a_", [{ type: "slanted", nodes: [{ type: "text", text: "a" }] }]],
    [
      "**a *b***",
      [
        {
          type: "strong",
          nodes: [
            { type: "text", text: "a " },
            { type: "slanted", nodes: [{ type: "text", text: "b" }] },
          ],
        },
      ],
    ],
    [`<@${ID}>`, [{ type: "person", id: ID }]],
    ["```\na\n\n b\n```", [{ type: "block", text: "a\n\n b" }]],
  ])("in %s mean something", (text, nodes) => {
    expect(nodesOf(text)).toEqual(nodes);
  });

  test.each([
    "2 * 3 * 4",
    "a_name_with_lines",
    "**",
    "* a\n* b",
    "*a\nb*",
    "<b>bold</b>",
    "<@nobody>",
    "``` not closed",
  ])("in %s are text", (text) => {
    expect(nodesOf(text)).toEqual([{ type: "text", text }]);
  });

  test("of a block stand between what is around them", () => {
    expect(nodesOf("see:\n```py\nx = 1\n```\nfine")).toEqual([
      { type: "text", text: "see:" },
      { type: "block", text: "x = 1" },
      { type: "text", text: "fine" },
    ]);
  });

  test("that would take long to make sense of are read quickly", () => {
    const began = performance.now();

    for (const sign of ["**a ", "*a ", "_a ", "`", "```\n", "https://"]) {
      nodesOf(sign.repeat(4_000 / sign.length));
    }

    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

test("nothing that is not a sign is lost", () => {
  const text = 'a <b> https://example.org/x"onmouseover="y) end\nhttps://';

  expect(words(nodesOf(text))).toBe(text);
});

describe("a name", () => {
  const id = (letter: string) => ID.replaceAll(/\w/g, letter);
  const names = namesOf([
    { person: { ...ALICE, id: id("a"), name: "Alice" }, role: "owner" },
    { person: { ...BOB, id: id("b"), name: "Bob" }, role: "member" },
    { person: { ...BOB, id: id("c"), name: "Bob Ünal (he)" }, role: "member" },
  ]);

  test.each([
    ["@Alice!", `<@${id("a")}>!`],
    ["hi @alice, @bob", `hi <@${id("a")}>, <@${id("b")}>`],
    ["@Bob Ünal (he) @Bob", `<@${id("c")}> <@${id("b")}>`],
    ["a@Bob.example @Bobby @Bobé", "a@Bob.example @Bobby @Bobé"],
    [`<@${id("a")}>`, `<@${id("a")}>`],
  ])("in %s is sent as an id", (text, content) => {
    expect(withIds(text, names)).toBe(content);
  });

  test("is what an author sees again, if it is known", () => {
    expect(withNames(`<@${id("a")}> <@${id("f")}>`, names)).toBe(`@Alice <@${id("f")}>`);
  });
});
