/** The reader's account, within reach of every section. */

import { createContext, use } from "react";
import type { Me } from "#api/me.ts";

interface Known {
  readonly me: Me;
  /** The server has taken a change. */
  readonly replace: (me: Me) => void;
  readonly reload: () => Promise<void>;
}

export const MeContext = createContext<Known | null>(null);

export function useMe(): Known {
  const known = use(MeContext);
  if (!known) throw new Error("no MeContext above this component");
  return known;
}
