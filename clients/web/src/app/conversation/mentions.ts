/**
 * Naming people: `<@id>` on the wire, `@Name` for those who write. Only members can be named, since
 * nobody else would be told.
 */

import type { Member } from "#wire/shapes.ts";

const MENTION = /<@([0-9a-f-]{36})>/g;

/** A name is not part of a longer word, nor of a mention that is there already. */
const BEFORE = "(?<![\\p{L}\\p{N}_<])";
const AFTER = "(?![\\p{L}\\p{N}_])";

/** Names by id. */
export type Names = ReadonlyMap<string, string>;

export function namesOf(members: readonly Member[]): Names {
  return new Map(members.map(({ person }) => [person.id, person.name]));
}

/** Return a text as its author wrote it: with names. */
export function withNames(content: string, names: Names): string {
  return content.replace(MENTION, (whole, id: string) => {
    const name = names.get(id);
    return name === undefined ? whole : `@${name}`;
  });
}

/** Return a text as people read it: who is not known any more is somebody. */
export function spoken(content: string, names: Names): string {
  return content.replace(MENTION, (_, id: string) => `@${names.get(id) ?? "somebody"}`);
}

/** Return a text as it is sent: with ids. Of names that begin alike the longest is meant. */
export function withIds(text: string, names: Names): string {
  if (!text.includes("@")) return text;
  const longest = [...names].sort((a, b) => b[1].length - a[1].length);
  return longest.reduce(
    (content, [id, name]) =>
      content.replaceAll(new RegExp(`${BEFORE}@${escaped(name)}${AFTER}`, "giu"), `<@${id}>`),
    text,
  );
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
