import { useMemo } from "react";
import type { Call } from "#api/call.ts";
import { useApp } from "#app/context.ts";

/** A part of the API that only the page which asks for it needs. */
export function useApi<T>(Api: new (call: Call) => T): T {
  const { call } = useApp();
  return useMemo(() => new Api(call), [Api, call]);
}
