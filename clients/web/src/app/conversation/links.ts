/** Addresses in plain text. Only `http` and `https` ever become links. */

export interface Address {
  readonly text: string;
  readonly href: string;
}

/** Ends a sentence rather than an address. */
const TRAILING = /[.,;:!?'*_~]+$/;

/** Return the address that a word which begins like one is, without the punctuation around it. */
export function addressIn(word: string): Address | null {
  const text = trimmed(word);
  if (!URL.canParse(text)) return null;
  const { protocol, href } = new URL(text);
  return protocol === "http:" || protocol === "https:" ? { text, href } : null;
}

/** A bracket at the end stays if it was opened inside. */
function trimmed(word: string): string {
  const address = word.replace(TRAILING, "");
  const last = address.at(-1) ?? "";
  const opening = OPENING[last];
  if (opening === undefined || countOf(address, opening) >= countOf(address, last)) return address;
  return trimmed(address.slice(0, -1));
}

const OPENING: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

function countOf(text: string, letter: string): number {
  return text.split(letter).length - 1;
}
