/**
 * What the signs in a message mean. A small part of Markdown, since people write that by habit;
 * everything else is text as it stands, and nothing is ever taken for HTML.
 *
 * | written | means |
 * |---|---|
 * | three backticks, on lines of their own | a block of code |
 * | `` `code` `` | code |
 * | `**strong**`, `*slanted*`, `_slanted_` | as it says; never over the end of a line |
 * | `<@id>` | the person with this id |
 * | `https://...` | a link |
 */

import { addressIn } from "#app/conversation/links.ts";

export type Node =
  | { readonly type: "text" | "code" | "block"; readonly text: string }
  | { readonly type: "strong" | "slanted"; readonly nodes: readonly Node[] }
  | { readonly type: "person"; readonly id: string }
  | { readonly type: "link"; readonly text: string; readonly href: string };

const BLOCK = /(?:^|\n)```[^\n`]*\n([\s\S]*?)\n?```(?:\n|$)/g;
const SIGNS = new RegExp(
  [
    /`(?<code>[^`\n]+)`/,
    /<@(?<person>[0-9a-f-]{36})>/,
    /(?<address>https?:\/\/[^\s<>"]+)/,
    /\*\*(?=\S)(?<strong>[^\n]+?)(?<=\S)\*\*(?!\*)/,
    /(?<![\w*])\*(?=\S)(?<star>[^*\n]+?)(?<=\S)\*(?![\w*])/,
    /(?<![\w_])_(?=\S)(?<line>[^_\n]+?)(?<=\S)_(?![\w_])/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "gi",
);

/** Split a message into what it is made of, in order. */
export function nodesOf(text: string): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const { 0: whole, 1: code = "", index } of text.matchAll(BLOCK)) {
    nodes.push(...inlineOf(text.slice(end, index)), { type: "block", text: code });
    end = index + whole.length;
  }
  return [...nodes, ...inlineOf(text.slice(end))];
}

function inlineOf(text: string): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const { groups = {}, 0: whole, index } of text.matchAll(SIGNS)) {
    const node = nodeOf(groups);
    if (node === null) continue;
    if (index > end) nodes.push({ type: "text", text: text.slice(end, index) });
    nodes.push(node);
    end = index + (node.type === "link" ? node.text.length : whole.length);
  }
  if (end < text.length) nodes.push({ type: "text", text: text.slice(end) });
  return nodes;
}

function nodeOf({ code, person, address, strong, star, line }: Groups): Node | null {
  if (code !== undefined) return { type: "code", text: code };
  if (person !== undefined) return { type: "person", id: person };
  if (strong !== undefined) return { type: "strong", nodes: inlineOf(strong) };
  if (address === undefined) return { type: "slanted", nodes: inlineOf(star ?? line ?? "") };
  const link = addressIn(address);
  return link && { type: "link", ...link };
}

type Groups = Readonly<Record<string, string | undefined>>;
