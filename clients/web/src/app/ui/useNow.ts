import { useEffect, useState } from "react";

/** What `clock` says, in ms, anew every second while that is wanted. */
export function useNow(clock: () => number, isWanted: boolean): number {
  const [now, setNow] = useState(clock);
  useEffect(() => {
    setNow(clock());
    if (!isWanted) return;
    const timer = setInterval(() => setNow(clock()), 1_000);
    return () => clearInterval(timer);
  }, [clock, isWanted]);
  return now;
}
