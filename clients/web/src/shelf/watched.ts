/** What is on the disk, told again whenever this page or another one changes it. */

import { liveQuery } from "dexie";

/**
 * Tell what `query` finds, soon and after every change; return how to stop. A disk that fails here
 * fails its next writer too, who says so.
 */
export function watched<T>(query: () => Promise<T>, hear: (found: T) => void): () => void {
  const seen = liveQuery(query).subscribe({ next: hear, error: () => {} });
  return () => seen.unsubscribe();
}
