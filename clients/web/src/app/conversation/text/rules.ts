/**
 * Which signs of Markdown mean something in a message.
 *
 * A message is not a document: most of it is typed without a thought of markup, so whatever would
 * surprise somebody is off and stays the text that it is.
 *
 * | rule | here |
 * |---|---|
 * | raw HTML, reference definitions, rules (`---`), underlined headings, code by indenting | off |
 * | a list | of two items or more, and a line that is not indented ends it |
 * | a quote | needs a space behind `>`, and ends with the lines that have one |
 * | a fence | must be closed |
 * | `__` | off: `__init__` is a name; `**` is strong |
 * | a backslash | takes the meaning of `*`, `~`, `[` and a backtick; elsewhere it is a backslash |
 * | bare addresses | `http`, `https` and e-mail |
 */

import { Lexer, type Token, Tokenizer, type TokenizerObject, type Tokens } from "marked";
import { addressIn, mailIn } from "#app/conversation/text/links.ts";

/** Lines with more signs of quotes and lists before their text are nobody's writing, but a trap. */
const TOO_DEEP = /^(?:[ \t]*(?:>|[-*+](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$))){7}/m;
/** Emphasis inside of emphasis; each level reads all that is inside once more. */
const MOST_NESTED = 5;
/** For each sign that may begin something, all that follows is looked through for its end. */
const MOST_SIGNS = 80;

/** Split a text into tokens. Nothing of the text is lost: what has no meaning is a text token. */
export function tokensOf(text: string): Token[] {
  const rules = Object.assign(new Tokenizer(), BLOCKS, inlineRules());
  const lexer = new Lexer({ gfm: true, tokenizer: rules });
  if (!TOO_DEEP.test(text)) return lexer.lex(text);
  return [{ type: "paragraph", raw: text, text, tokens: lexer.inlineTokens(text) }];
}

const QUOTE = /^(?: {0,3}>(?=[ \t>]|\n|$)[^\n]*(?:\n|$))+/;
const QUOTE_SIGN = /^ {0,3}> ?/gm;
const LIST = /^(?: {0,3}(?:[-*+]|\d{1,9}[.)])(?:[ \t][^\n]*)?(?:\n|$)|[ \t]+[^\n]*(?:\n|$)|\n)+/;
const BULLET = /^( {0,3})(?:([-*+])|\d{1,9}([.)]))/;
const FENCE_END = /\n[ \t]*(?:`{3,}|~{3,})[ \t]*\n?$/;
const EMPTY_HEADING = /^ {0,3}#{1,6}[#\s]*(?:\n|$)/;
const ESCAPE = /^\\([!-/:-@[-`{-~])/;
const ESCAPABLE = "*~[`";
const LINES = /^_{2,}/;

const BLOCKS: TokenizerObject = {
  blockquote(source): Tokens.Blockquote | undefined {
    const raw = QUOTE.exec(source)?.[0];
    if (raw === undefined) return undefined;
    const text = raw.replace(QUOTE_SIGN, "");
    const { state } = this.lexer;
    const before = state.top;
    state.top = true;
    const tokens = this.lexer.blockTokens(text, []);
    state.top = before;
    return { type: "blockquote", raw, text, tokens };
  },

  list(source): Tokens.List | undefined {
    const lines = LIST.exec(source)?.[0];
    if (lines === undefined || !hasTwoItems(lines)) return undefined;
    return Tokenizer.prototype.list.call(this, lines);
  },

  fences(source): Tokens.Code | undefined {
    const code = Tokenizer.prototype.fences.call(this, source);
    return code && FENCE_END.test(code.raw) ? code : undefined;
  },

  heading(source): Tokens.Heading | undefined {
    if (EMPTY_HEADING.test(source)) return undefined;
    return Tokenizer.prototype.heading.call(this, source);
  },

  html: nothing,
  def: nothing,
  hr: nothing,
  lheading: nothing,
  code: nothing,
};

/** Whether another line begins as the first one does. Looked at beforehand, so nothing is read twice. */
function hasTwoItems(lines: string): boolean {
  const [, indent = "", sign, end = ""] = BULLET.exec(lines) ?? [];
  const { length } = indent;
  const mark = sign === undefined ? `\\d{1,9}\\${end}` : `\\${sign}`;
  const another = new RegExp(`\\n {${length},${length + 1}}${mark}[ \\t\\n]`);
  return another.test(`${lines}\n`);
}

function inlineRules(): TokenizerObject {
  let depth = 0;
  let signs = 0;
  /** Return what `read` makes of a sign, unless there are too many or too deep inside each other. */
  function nested<T>(read: () => T): T | undefined {
    if (depth >= MOST_NESTED || signs >= MOST_SIGNS) return undefined;
    depth += 1;
    signs += 1;
    const token = read();
    depth -= 1;
    return token;
  }

  return {
    emStrong(source, masked, before = "") {
      // 2*3*4 is a product.
      if (source.startsWith("*") && /[\p{L}\p{N}]/u.test(before)) return undefined;
      if (!/^[*_]/.test(source)) return undefined;
      return nested(() => Tokenizer.prototype.emStrong.call(this, source, masked, before));
    },

    del(source, masked, before) {
      if (!source.startsWith("~")) return undefined;
      return nested(() => Tokenizer.prototype.del.call(this, source, masked, before));
    },

    escape(source): Tokens.Escape | undefined {
      const [lines] = LINES.exec(source) ?? [];
      if (lines !== undefined) return { type: "escape", raw: lines, text: lines };
      const [raw, sign = ""] = ESCAPE.exec(source) ?? [];
      if (raw === undefined) return undefined;
      return { type: "escape", raw, text: ESCAPABLE.includes(sign) ? sign : raw };
    },

    url(source): Tokens.Link | undefined {
      const address = addressIn(source) ?? mailIn(source);
      if (address === null) return undefined;
      const { text, href } = address;
      return { type: "link", raw: text, text, href, autolink: true, tokens: [] };
    },

    tag: nothing,
  };
}

function nothing(): undefined {
  return undefined;
}
