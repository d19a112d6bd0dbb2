/**
 * Addresses in a text. Only `http`, `https` and `mailto` ever become links, and what is shown of a
 * link never names another place than the one that it leads to.
 */

export interface Address {
  readonly text: string;
  readonly href: string;
}

const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/** Signs without a width, and those that turn the direction of what follows, hide what is there. */
const HIDDEN = "\\u00ad\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff";
const WORD = new RegExp(`^https?://[^\\s<>"${HIDDEN}]+`, "i");
const MAIL = /^[a-z0-9._%+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?![\w@-])/i;
/** Ends a sentence rather than an address. */
const TRAILING = /[.,;:!?'*_~]+$/;

/** Return what a text begins with if that looks like an address, without punctuation around it. */
export function addressIn(source: string): Address | null {
  const word = WORD.exec(source)?.[0];
  if (word === undefined) return null;
  const text = trimmed(word);
  return { text, href: text };
}

/** Return the e-mail address that a text begins with. */
export function mailIn(source: string): Address | null {
  const text = MAIL.exec(source)?.[0];
  return text === undefined ? null : { text, href: `mailto:${text}` };
}

/**
 * Return where a link leads, null if nowhere that a message may lead. A name before the host
 * (`https://bank.example@evil.example`) has no other use today than to mislead.
 */
export function targetOf(href: string): URL | null {
  if (!URL.canParse(href)) return null;
  const url = new URL(href);
  if (!SCHEMES.has(url.protocol) || url.username !== "" || url.password !== "") return null;
  return url;
}

/** Return the text under which a link may be shown: its own, or the address if that would lie. */
export function honestText(text: string, url: URL): string {
  const plain = url.protocol === "mailto:" ? url.pathname : url.href;
  if (looksLikeAddress(text) && !isSame(text, url)) return plain;
  return isMixed(text) && looksLikeAddress(text) ? plain : text;
}

const ADDRESS = /[^\s./]\.[^\s./]{2,}|:\/\//;

function looksLikeAddress(text: string): boolean {
  return ADDRESS.test(text);
}

/** What looks like an address is one that leads to the same host. */
function isSame(text: string, url: URL): boolean {
  if (url.protocol === "mailto:") return text.replace(/^mailto:/i, "") === url.pathname;
  const written = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  return targetOf(written)?.host === url.host;
}

/** Letters of several scripts in one host name look like another name (`раypal.com`). */
function isMixed(text: string): boolean {
  const host = text.replace(/^[a-z]+:\/\//i, "").split(/[/?#]/, 1)[0] ?? "";
  return /\p{Script=Latin}/u.test(host) && /(?!\p{Script=Latin})\p{L}/u.test(host);
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
