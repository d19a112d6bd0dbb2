import { useEffect, useRef } from "react";
import { useAppState } from "#app/context.ts";
import { Anchor } from "#app/ui/Anchor.tsx";

/** Where to go from here, for those who are in and those who are not: one key is enough. */
export function Onward() {
  const isIn = useAppState((state) => state.account.phase === "in");
  const ref = useRef<HTMLAnchorElement>(null);
  useEffect(() => ref.current?.focus(), []);
  return (
    <Anchor
      ref={ref}
      to={isIn ? "/rooms" : "/login"}
      className="inline-flex min-h-10 items-center justify-center rounded-lg bg-accent px-4 font-medium text-on-accent hover:bg-accent-strong"
    >
      {isIn ? "To your rooms" : "Log in"}
    </Anchor>
  );
}
