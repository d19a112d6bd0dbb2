import { useEffect, useRef, useState } from "react";
import { problemIn } from "#api/http.ts";
import type { Page } from "#api/pages.ts";
import { LOADING, type Loading, READY } from "#state/model.ts";

export interface Pages<T> {
  readonly items: readonly T[];
  readonly loading: Loading;
  /** Fetch the next page; null at the end. */
  readonly more: (() => void) | null;
  readonly reload: () => void;
  /** Show this in the place of what was; the server has taken it. */
  readonly change: (change: (items: readonly T[]) => readonly T[]) => void;
}

/** Whoever types pauses so long before it is looked for, in ms. */
const PAUSE_MS = 250;

/** Show a list page by page; another `find` starts over, and must stay the same between renders. */
export function usePages<T>(find: (cursor: string | null) => Promise<Page<T>>): Pages<T> {
  const [items, setItems] = useState<readonly T[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [loading, setLoading] = useState<Loading>(LOADING);
  const [attempt, setAttempt] = useState(0);
  /** What answers one search must not get into the list of another. */
  const turn = useRef(0);

  async function read(cursor: string | null, mine: number): Promise<void> {
    try {
      const page = await find(cursor);
      if (mine !== turn.current) return;
      setItems((before) => (cursor === null ? page.items : [...before, ...page.items]));
      setNext(page.next);
      setLoading(READY);
    } catch (error) {
      if (mine === turn.current) setLoading({ phase: "failed", problem: problemIn(error) });
    }
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again for the same.
  useEffect(() => {
    turn.current += 1;
    const mine = turn.current;
    const timer = setTimeout(() => void read(null, mine), mine === 1 ? 0 : PAUSE_MS);
    return () => clearTimeout(timer);
  }, [find, attempt]);

  return {
    items,
    loading,
    more: next === null ? null : () => void read(next, turn.current),
    reload: () => setAttempt((before) => before + 1),
    change: setItems,
  };
}
