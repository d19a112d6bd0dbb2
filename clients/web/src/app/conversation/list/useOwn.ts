import { useLayoutEffect, useRef } from "react";
import type { Unsent } from "#protocol/outbox.ts";

/** Who writes wants to see it: one more message of the reader's own leads to the end. */
export function useOwn(unsent: readonly Unsent[], toEnd: () => void): void {
  const before = useRef(unsent.length);
  useLayoutEffect(() => {
    const isMore = unsent.length > before.current;
    before.current = unsent.length;
    if (isMore) toEnd();
  }, [unsent, toEnd]);
}
