import { useCallback } from "react";
import { useApp } from "#app/context.ts";

/** A clock that shows what the server's does, in ms, however wrong the one of this device is. */
export function useServerTime(): () => number {
  const { outside, store } = useApp();
  return useCallback(() => outside.now() + store.get().aheadMs, [outside, store]);
}
