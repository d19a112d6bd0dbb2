import { useCallback, useEffect, useRef, useState } from "react";
import { problemIn } from "#api/http.ts";
import { LOADING, type Loading, READY } from "#state/model.ts";

export interface Loaded<T> {
  /** Null until it is there; what was there stays while it is read again. */
  readonly value: T | null;
  readonly loading: Loading;
  readonly reload: () => Promise<void>;
  /** Show this from now on: the server has taken it. */
  readonly replace: (value: T) => void;
}

/** Read something when a page opens; `load` must stay the same between renders. */
export function useLoad<T>(load: () => Promise<T>): Loaded<T> {
  const [value, setValue] = useState<T | null>(null);
  const [loading, setLoading] = useState<Loading>(LOADING);

  const latest = useRef(0);

  const read = useCallback(
    async (isWanted: () => boolean) => {
      latest.current += 1;
      const turn = latest.current;
      try {
        const read = await load();
        // What was asked for earlier may be answered later, and is older then.
        if (!isWanted() || turn !== latest.current) return;
        setValue(() => read);
        setLoading(READY);
      } catch (error) {
        if (isWanted() && turn === latest.current)
          setLoading({ phase: "failed", problem: problemIn(error) });
      }
    },
    [load],
  );

  useEffect(() => {
    let isWanted = true;
    void read(() => isWanted);
    return () => {
      isWanted = false;
    };
  }, [read]);

  const reload = useCallback(() => read(() => true), [read]);
  return { value, loading, reload, replace: setValue };
}
