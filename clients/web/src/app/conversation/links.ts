/** Addresses in plain text. Only `http` and `https` ever become links. */

export type Part =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "link"; readonly text: string; readonly href: string };

const CANDIDATE = /https?:\/\/[^\s<>"]+/gi;
/** Ends a sentence rather than an address. */
const TRAILING = /[.,;:!?'*_~]+$/;

/** Split a text into words and links; put together again they are the text. */
export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const { 0: candidate, index } of text.matchAll(CANDIDATE)) {
    const address = trimmed(candidate);
    const href = hrefOf(address);
    if (href === null) continue;
    if (index > end) parts.push({ type: "text", text: text.slice(end, index) });
    parts.push({ type: "link", text: address, href });
    end = index + address.length;
  }
  if (end < text.length) parts.push({ type: "text", text: text.slice(end) });
  return parts;
}

/** Without the punctuation around it; a bracket stays if it was opened inside. */
function trimmed(candidate: string): string {
  const address = candidate.replace(TRAILING, "");
  const last = address.at(-1) ?? "";
  const opening = OPENING[last];
  if (opening === undefined || countOf(address, opening) >= countOf(address, last)) return address;
  return trimmed(address.slice(0, -1));
}

const OPENING: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

function countOf(text: string, letter: string): number {
  return text.split(letter).length - 1;
}

function hrefOf(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, href } = new URL(address);
  return protocol === "http:" || protocol === "https:" ? href : null;
}
