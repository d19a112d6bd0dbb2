import { useAppState } from "#app/context.ts";
import { Anchor } from "#app/ui/Anchor.tsx";

/** Where to go from here, for those who are in and those who are not. */
export function Onward() {
  const isIn = useAppState((state) => state.account.phase === "in");
  return (
    <Anchor
      to={isIn ? "/rooms" : "/login"}
      className="inline-flex min-h-10 items-center justify-center rounded-lg bg-accent px-4 font-medium text-on-accent hover:bg-accent-strong"
    >
      {isIn ? "To your rooms" : "Log in"}
    </Anchor>
  );
}
