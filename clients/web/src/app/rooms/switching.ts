/** Which rooms a few letters mean. */

import type { Listed } from "#state/model.ts";
import { titleOf } from "#state/roomlist.ts";

/** More are not looked through. */
const MOST_SHOWN = 8;

/**
 * Return the rooms that `query` may mean, the likeliest first: those that begin with it, then those
 * with a word that does, then those that hold it somewhere. Among equals, and for an empty query,
 * rooms with something for the reader come first, then unread ones, then by title.
 */
export function ranked(rooms: readonly Listed[], query: string, me: string): readonly Listed[] {
  const wanted = folded(query.trim());
  const found = rooms.flatMap((listed) => {
    const title = folded(titleOf(listed.room, me));
    const distance = distanceOf(title, wanted);
    return distance === null ? [] : [{ listed, title, distance }];
  });
  return found
    .toSorted(
      (a, b) =>
        a.distance - b.distance ||
        urgencyOf(b.listed) - urgencyOf(a.listed) ||
        a.title.localeCompare(b.title),
    )
    .slice(0, MOST_SHOWN)
    .map(({ listed }) => listed);
}

function distanceOf(title: string, wanted: string): number | null {
  if (title.startsWith(wanted)) return 0;
  if (title.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(wanted))) return 1;
  return title.includes(wanted) ? 2 : null;
}

function urgencyOf({ unread, mentions }: Listed): number {
  if (mentions > 0) return 2;
  return unread > 0 ? 1 : 0;
}

/** Without capitals and accents, as people type who are in a hurry. */
function folded(words: string): string {
  return words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
