/** Lists that come in pages. */

import type { Call } from "#api/call.ts";
import type { Page_RoomShown_ } from "#wire/generated/http.ts";
import { type Json, list, textOr } from "#wire/read.ts";

export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; null at the end. */
  readonly next: string | null;
}

/** The server's upper limit for a page. */
const LARGEST_PAGE = 100;
/** Nobody scrolls through more; a list that goes on needs a search instead. */
const MOST_PAGES = 10;

/** A page of anything, as the server says it. */
type PageOf<W> = Omit<Page_RoomShown_, "items"> & { readonly items: readonly W[] };

export function readPage<W, T>(readItem: (item: Json<W>) => T) {
  return (answer: Json<PageOf<W>>): Page<T> => ({
    items: list(answer, "items", readItem),
    next: textOr(answer, "next_cursor", null),
  });
}

/** Return the items of a list that has one page. */
export async function allOf<W, T>(
  call: Call,
  path: string,
  readItem: (item: Json<W>) => T,
): Promise<readonly T[]> {
  const page = await call({ method: "GET", path }, readPage(readItem));
  return page.items;
}

/** Return the items of all pages, 1,000 at most.  Raises: Refused. */
export async function allPages<W, T>(
  call: Call,
  path: string,
  query: Readonly<Record<string, string>>,
  readItem: (item: Json<W>) => T,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const request = {
      method: "GET",
      path,
      query: { ...query, limit: LARGEST_PAGE, cursor },
    } as const;
    const page: Page<T> = await call(request, readPage(readItem));
    items.push(...page.items);
    cursor = page.next;
    if (cursor === null) break;
  }
  return items;
}
