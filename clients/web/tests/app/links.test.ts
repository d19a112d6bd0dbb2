import { describe, expect, test } from "vitest";
import { partsOf } from "#app/conversation/links.ts";

function linksIn(text: string): string[] {
  return partsOf(text).flatMap((part) => (part.type === "link" ? part.text : []));
}

describe("a link", () => {
  test.each([
    ["see https://example.org/a?b=c#d now", ["https://example.org/a?b=c#d"]],
    ["https://a.example and http://b.example", ["https://a.example", "http://b.example"]],
    ["(https://example.org/a)", ["https://example.org/a"]],
    ["https://example.org/soup_(tomato).", ["https://example.org/soup_(tomato)"]],
    ["https://example.org/a, and so on", ["https://example.org/a"]],
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
  ])("is never made of %s", (text) => {
    expect(linksIn(text)).toEqual([]);
  });
});

test("the parts are the text", () => {
  const text = 'a <b> https://example.org/x"onmouseover="y) end\nhttps://';

  expect(
    partsOf(text)
      .map((part) => part.text)
      .join(""),
  ).toBe(text);
});
