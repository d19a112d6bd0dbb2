import { useEffect, useState } from "react";
import { problemIn } from "#api/http.ts";
import type { Page } from "#api/pages.ts";
import { LOADING, type Loading, READY } from "#state/model.ts";

/** A word is searched for when its writer pauses so long. */
const PAUSE_MS = 250;

interface Search<T> {
  readonly items: readonly T[];
  readonly loading: Loading;
  readonly retry: () => void;
}

/** Show what `find` finds while somebody types; `find` must stay the same between renders. */
export function useSearch<T>(find: (query: string) => Promise<Page<T>>, query: string): Search<T> {
  const [items, setItems] = useState<readonly T[]>([]);
  const [loading, setLoading] = useState<Loading>(LOADING);
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again for the same.
  useEffect(() => {
    let isWanted = true;
    const search = async () => {
      try {
        const page = await find(query);
        if (!isWanted) return;
        setItems(page.items);
        setLoading(READY);
      } catch (error) {
        if (isWanted) setLoading({ phase: "failed", problem: problemIn(error) });
      }
    };
    const timer = setTimeout(() => void search(), query === "" ? 0 : PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [find, query, attempt]);

  return { items, loading, retry: () => setAttempt((before) => before + 1) };
}
