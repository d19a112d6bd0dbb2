import { describe, expect, test } from "vitest";
import { type Block, blocksOf, type Inline } from "#app/conversation/text/nodes.ts";

const ID = "01a1fb15-81ae-72cf-97b7-c05da567e82a";

/** A message in few signs: what each part is, around what stands in it. */
function outline(text: string): string {
  return blocksOf(text).map(outlineOf).join(" | ");
}

function outlineOf(block: Block): string {
  switch (block.type) {
    case "paragraph":
      return inline(block.nodes);
    case "heading":
      return `heading(${inline(block.nodes)})`;
    case "code":
      return `code:${block.language}(${block.text})`;
    case "quote":
      return `quote(${block.blocks.map(outlineOf).join(" | ")})`;
    case "list":
      return `list(${block.items
        .map(({ number, blocks }) => `${number ?? "-"} ${blocks.map(outlineOf).join(" | ")}`)
        .join(", ")})`;
    case "table":
      return `table(${[block.head, ...block.rows].map((row) => row.map(inline).join(",")).join(";")})`;
  }
}

function inline(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if ("text" in node) return node.type === "code" ? `code(${node.text})` : node.text;
      if (node.type === "person") return `person(${node.id})`;
      return `${node.type}(${inline(node.nodes)})`;
    })
    .join("");
}

function hrefsIn(text: string): string[] {
  return blocksOf(text).flatMap((block) =>
    block.type === "paragraph"
      ? block.nodes.flatMap((node) => (node.type === "link" ? node.href : []))
      : [],
  );
}

describe("signs", () => {
  test.each([
    ["`a *b*`", "code(a *b*)"],
    ["**a**", "strong(a)"],
    ["*a b*", "slanted(a b)"],
    ["_a_", "slanted(a)"],
    ["~~a~~", "struck(a)"],
    ["**a *b***", "strong(a slanted(b))"],
    [`<@${ID}> **<@${ID}>**`, `person(${ID}) strong(person(${ID}))`],
    ["\\*a\\* \\`b\\`", "*a* `b`"],
    ["# A *title*\ntext", "heading(A slanted(title)) | text"],
    ["```\na\n\n b\n```", "code:(a\n\n b)"],
    ["see:\n```py\nx = 1\n```\nfine", "see: | code:py(x = 1) | fine"],
    ["- a\n- b", "list(- a, - b)"],
    ["so:\n* a\n  * c\n  * d\n* b\nThanks!", "so: | list(- a | list(- c, - d), - b) | Thanks!"],
    ["5. a\n7. b", "list(5 a, 7 b)"],
    ["1. a\n1. b", "list(1 a, 2 b)"],
    ["- [ ] a\n- [x] b", "list(- ☐ a, - ☑ b)"],
    ["> a\n> b\nmy answer", "quote(a\nb) | my answer"],
    ["> > a", "quote(quote(a))"],
    ["| a | b |\n|---|---|\n| 1 | **2** |", "table(a,b;1,strong(2))"],
    ["a\nb\n\nc", "a\nb | c"],
  ])("in %j mean something", (text, meaning) => {
    expect(outline(text)).toBe(meaning);
  });

  test.each([
    "2 * 3 * 4",
    "2*3*4 and a*b*c",
    "a_name_with_lines, __init__.py, ___ and C:\\new\\_x",
    "¯\\_(ツ)_/¯",
    "**",
    "#",
    "#channel",
    "* * *",
    "- alone",
    "2024. Great year",
    "I counted\n3. No more",
    "a\n---\nb\n===",
    "    indented\n  a little",
    ">:( >_<",
    ">3 of them",
    "<b>bold</b>\n<div>\nblock\n</div>",
    "<!-- comment -->",
    "<@nobody>",
    "&amp; &lt;b&gt;",
    "[x]: /a",
    "``` not closed",
    "~~~\nnot closed",
  ])("in %j are text", (text) => {
    expect(blocksOf(text)).toEqual([{ type: "paragraph", nodes: [{ type: "text", text }] }]);
  });
});

describe("a link", () => {
  test.each([
    ["see https://example.org/a?b=c#d now", ["https://example.org/a?b=c#d"]],
    ["https://a.example and http://b.example", ["https://a.example/", "http://b.example/"]],
    ["(https://example.org/a)", ["https://example.org/a"]],
    ["https://example.org/soup_(tomato).", ["https://example.org/soup_(tomato)"]],
    ["https://example.org/a_b_c and _d_", ["https://example.org/a_b_c"]],
    ["HTTPS://EXAMPLE.ORG", ["https://example.org/"]],
    ["[the page](https://example.org/a)", ["https://example.org/a"]],
    ["![a picture](https://example.org/a.png)", ["https://example.org/a.png"]],
    ["<https://example.org>", ["https://example.org/"]],
    ["write to bob@example.org.", ["mailto:bob@example.org"]],
  ])("is found in %s", (text, hrefs) => {
    expect(hrefsIn(text)).toEqual(hrefs);
  });

  test.each([
    "javascript:alert(1)",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "![a](data:text/html,x)",
    "<javascript:alert(1)>",
    "data:text/html,<script>alert(1)</script>",
    "[a](/rooms)",
    "[a](//example.org)",
    "ftp://example.org",
    "https://",
    "example.org",
    "file:///etc/passwd",
    "`https://example.org`",
    "https://bank.example@evil.example/",
    "https://user:secret@example.org/",
    "[a](https://bank.example@evil.example/)",
  ])("is never made of %s", (text) => {
    expect(hrefsIn(text)).toEqual([]);
    if (!text.startsWith("`")) expect(outline(text)).toBe(text);
  });

  test.each([
    ["[bank.example](https://evil.example/a)", "link(https://evil.example/a)"],
    ["[https://bank.example](https://evil.example)", "link(https://evil.example/)"],
    ["[bob@example.org](mailto:eve@example.org)", "link(eve@example.org)"],
    ["https://раypal.example", "link(https://xn--ypal-43d9g.example/)"],
    ["https://россия.рф/x", "link(https://россия.рф/x)"],
    ["https://münchen.example", "link(https://münchen.example)"],
    ["[www.example.org](https://www.example.org/a)", "link(www.example.org)"],
    ["[what **it** says](https://example.org)", "link(what strong(it) says)"],
    ["https://example.org/\u202egpj.exe", "link(https://example.org/)\u202egpj.exe"],
  ])("never names another place than it leads to: %s", (text, shown) => {
    expect(outline(text)).toBe(shown);
  });
});

test("nothing that is not a sign is lost", () => {
  const text = 'a <b> "onmouseover="y) end\nhttps:// [x](y) ![z]() \\ \\\\server\\share';

  expect(outline(text)).toBe(text);
});

/** On a busy machine; alone it takes a few. What is read again and again takes seconds, or for ever. */
const MOST_MS = 500;

describe("what would take long to make sense of", () => {
  const TRAPS = [
    ">",
    "> ",
    "> - ",
    ">\n",
    "*",
    "**",
    "_",
    "__",
    "*_",
    "**a ",
    "*a ",
    "_a ",
    "a*",
    "*a **b ",
    "[",
    "![",
    "](",
    "[a](",
    "[[]",
    "`",
    "``x",
    "```\n",
    "~",
    "~~a ",
    "~~~\n",
    "- ",
    "- - ",
    "1. ",
    "- \n",
    "- a\n* b\n",
    "a\n- b\n",
    "* a\n * b\n  * c\n",
    "#",
    "# ",
    "<",
    "<a ",
    "<!--",
    "|",
    "| a |\n",
    "|a\n|-\n",
    "\\",
    "&",
    "<@",
    "https://",
    "https://a.b)",
    "a@b.c ",
    "a@b",
    "\n\n",
  ];

  test.each(TRAPS)("is read quickly: %j again and again", (sign) => {
    const text = sign.repeat(4_000 / sign.length);
    blocksOf(text);
    const began = performance.now();

    blocksOf(text);

    expect(performance.now() - began).toBeLessThan(MOST_MS);
  });

  test.each([
    ["*a **b ", "** b* "],
    ["_a __b ", "__ b_"],
    ["~~a *b ", "* ~~"],
    ["[", "](https://a.example)"],
  ])("is read quickly: %j around each other", (open, close) => {
    const times = 4_000 / (open.length + close.length);
    const text = open.repeat(times) + close.repeat(times);
    const began = performance.now();

    blocksOf(text);

    expect(performance.now() - began).toBeLessThan(MOST_MS);
  });

  test.each(["- a\n", "- a\n- b\n", "> a\n"])("is read quickly: a stair of %j", (step) => {
    const stair = Array.from({ length: 40 }, (_, at) => step.replaceAll(/^/gm, " ".repeat(at * 2)));
    const began = performance.now();

    blocksOf(stair.join("").slice(0, 4_000));

    expect(performance.now() - began).toBeLessThan(MOST_MS);
  });
});
