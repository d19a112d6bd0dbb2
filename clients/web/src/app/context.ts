/** The application, within reach of every component. */

import { createContext, use, useSyncExternalStore } from "react";
import type { App } from "#state/app.ts";
import type { State } from "#state/model.ts";

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = use(AppContext);
  if (!app) throw new Error("no AppContext above this component");
  return app;
}

/** A part of the state; `select` must return the same thing while that part is the same. */
export function useAppState<T>(select: (state: State) => T): T {
  const { store } = useApp();
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}
