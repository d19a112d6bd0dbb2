/** Messages without their looks. */

import type { Names } from "#app/conversation/mentions.ts";
import { type Block, blocksOf, type Inline } from "#app/conversation/text/nodes.ts";

/** Enough to recognise a message, and no more than a line takes. */
const MOST_QUOTED = 160;

/** Return the beginning of a message as one line, without the signs that shape it. */
export function oneLine(content: string, names: Names): string {
  const blocks = blocksOf(content.slice(0, 4 * MOST_QUOTED));
  const plain = blocks.map((block) => plainOf(block, names)).join(" ");
  return plain.trim().replace(/\s+/g, " ").slice(0, MOST_QUOTED);
}

function plainOf(block: Block, names: Names): string {
  switch (block.type) {
    case "paragraph":
    case "heading":
      return inline(block.nodes, names);
    case "code":
      return block.text;
    case "quote":
      return block.blocks.map((inner) => plainOf(inner, names)).join(" ");
    case "list":
      return block.items
        .flatMap(({ blocks }) => blocks.map((inner) => plainOf(inner, names)))
        .join(", ");
    case "table":
      return block.head.map((nodes) => inline(nodes, names)).join(", ");
  }
}

function inline(nodes: readonly Inline[], names: Names): string {
  return nodes
    .map((node) => {
      if ("text" in node) return node.text;
      if (node.type === "person") return `@${names.get(node.id) ?? "somebody"}`;
      return inline(node.nodes, names);
    })
    .join("");
}
