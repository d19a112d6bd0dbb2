/**
 * What a message is made of: the allow-list between what somebody wrote and what a page shows. A
 * token that is not named here is shown as the text that it was read from.
 */

import type { Token, Tokens } from "marked";
import { honestText, targetOf } from "#app/conversation/text/links.ts";
import { tokensOf } from "#app/conversation/text/rules.ts";

export type Inline =
  | { readonly type: "text" | "code"; readonly text: string }
  | { readonly type: "strong" | "slanted" | "struck"; readonly nodes: readonly Inline[] }
  | { readonly type: "person"; readonly id: string }
  | { readonly type: "link"; readonly href: string; readonly nodes: readonly Inline[] };

export interface Item {
  /** The number that is written before it; null in a list without. */
  readonly number: number | null;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly type: "paragraph" | "heading"; readonly nodes: readonly Inline[] }
  | { readonly type: "code"; readonly text: string; readonly language: string }
  | { readonly type: "quote"; readonly blocks: readonly Block[] }
  | { readonly type: "list"; readonly items: readonly Item[] }
  | {
      readonly type: "table";
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    };

const MENTION = /<@([0-9a-f-]{36})>/;

/** Split a message into its blocks, in order. */
export function blocksOf(text: string): Block[] {
  return blocksIn(tokensOf(text));
}

function blocksIn(tokens: readonly Token[]): Block[] {
  const blocks: Block[] = [];
  let isAfterGap = true;
  for (const token of tokens) {
    if (token.type === "space") {
      isAfterGap = true;
      continue;
    }
    const block = blockOf(token as Tokens.Generic);
    const last = blocks.at(-1);
    // Lines that only seemed to begin something else belong to the lines before.
    if (!isAfterGap && block.type === "paragraph" && last?.type === "paragraph") {
      blocks[blocks.length - 1] = joined(last.nodes, block.nodes);
    } else blocks.push(block);
    isAfterGap = false;
  }
  return blocks;
}

function joined(before: readonly Inline[], after: readonly Inline[]): Block {
  return { type: "paragraph", nodes: merged([...before, textNode("\n"), ...after]) };
}

function blockOf(token: Tokens.Generic): Block {
  switch (token.type) {
    case "heading":
      return { type: "heading", nodes: inlineIn(token.tokens) };
    case "code":
      return { type: "code", text: token.text, language: languageOf(token.lang) };
    case "blockquote":
      return { type: "quote", blocks: blocksIn(token.tokens ?? []) };
    case "list":
      return { type: "list", items: itemsOf(token as Tokens.List) };
    case "table":
      return {
        type: "table",
        head: token.header.map(({ tokens }: Tokens.TableCell) => inlineIn(tokens)),
        rows: token.rows.map((row: Tokens.TableCell[]) => row.map((one) => inlineIn(one.tokens))),
      };
    default:
      return { type: "paragraph", nodes: token.tokens ? inlineIn(token.tokens) : [rawNode(token)] };
  }
}

/** Only the word, as a label: `ts` of "```ts title=a". */
function languageOf(lang: string | undefined): string {
  return /^[\w+#.-]{1,20}/.exec(lang ?? "")?.[0] ?? "";
}

/** People count in other ways than Markdown does: 5, 7 and 9 stay what they are. */
function itemsOf(list: Tokens.List): Item[] {
  const written = list.items.map(({ raw }) => Number.parseInt(raw.trimStart(), 10));
  const isRising = written.every((one, at) => at === 0 || one > (written[at - 1] ?? 0));
  const first = written[0] ?? 1;
  return list.items.map(({ tokens }, at) => ({
    number: list.ordered ? (isRising ? (written[at] ?? null) : first + at) : null,
    blocks: withBox(tokens),
  }));
}

/** A box to tick stands before the text of its item and not above it. */
function withBox(tokens: readonly Token[]): Block[] {
  const [box, ...others] = tokens;
  if (box?.type !== "checkbox") return blocksIn(tokens);
  const [first, ...rest] = blocksIn(others);
  const nodes = first?.type === "paragraph" ? first.nodes : [];
  const ticked: Block = { type: "paragraph", nodes: merged([checkboxNode(box), ...nodes]) };
  return nodes.length > 0 || !first ? [ticked, ...rest] : [ticked, first, ...rest];
}

function inlineIn(tokens: readonly Token[] | undefined): Inline[] {
  return merged((tokens ?? []).flatMap((token) => inlineOf(token as Tokens.Generic)));
}

function inlineOf(token: Tokens.Generic): Inline[] {
  switch (token.type) {
    case "text":
      return token.tokens ? inlineIn(token.tokens) : withPeople(token.raw);
    case "escape":
      return [textNode(token.text)];
    case "br":
      return [textNode("\n")];
    case "codespan":
      return [{ type: "code", text: token.text }];
    case "strong":
      return [{ type: "strong", nodes: inlineIn(token.tokens) }];
    case "em":
      return [{ type: "slanted", nodes: inlineIn(token.tokens) }];
    case "del":
      return [{ type: "struck", nodes: inlineIn(token.tokens) }];
    case "link":
    case "image":
      return [linkOf(token as Tokens.Link | Tokens.Image)];
    case "checkbox":
      return [checkboxNode(token)];
    default:
      return [rawNode(token)];
  }
}

function linkOf(token: Tokens.Link | Tokens.Image): Inline {
  const url = targetOf(token.href);
  if (!url) return rawNode(token);
  const text = token.text.trim() === "" ? token.href : token.text;
  const shown = honestText(text, url);
  const isOwn = shown === text && token.type === "link" && token.tokens.length > 0;
  return {
    type: "link",
    href: url.href,
    nodes: isOwn ? inlineIn(token.tokens) : [textNode(shown)],
  };
}

function checkboxNode({ checked }: Tokens.Generic): Inline {
  return textNode(checked ? "☑ " : "☐ ");
}

/** Split a text at the people that it names: every second part is an id. */
function withPeople(text: string): Inline[] {
  return text
    .split(MENTION)
    .map((part, at): Inline => (at % 2 === 1 ? { type: "person", id: part } : textNode(part)))
    .filter((node) => node.type !== "text" || node.text !== "");
}

function rawNode({ raw }: { readonly raw: string }): Inline {
  return textNode(raw);
}

function textNode(text: string): Inline {
  return { type: "text", text };
}

/** One text instead of several that follow each other. */
function merged(nodes: readonly Inline[]): Inline[] {
  const merged: Inline[] = [];
  for (const node of nodes) {
    const last = merged.at(-1);
    if (node.type === "text" && last?.type === "text") {
      merged[merged.length - 1] = textNode(last.text + node.text);
    } else merged.push(node);
  }
  return merged;
}
