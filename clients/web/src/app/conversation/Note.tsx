import type { ReactNode } from "react";

interface Props {
  readonly children: ReactNode;
}

/** What stands where one would write, and cannot. */
export function Note({ children }: Props) {
  return (
    <div className="mx-4 mb-[calc(env(safe-area-inset-bottom)+1rem)] flex min-h-13 shrink-0 flex-wrap items-center justify-between gap-x-3 rounded-xl border border-line bg-panel px-4 py-1.5 text-sm text-soft md:mx-6 md:mb-5">
      {children}
    </div>
  );
}
