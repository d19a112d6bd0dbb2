import { useEffect, useState } from "react";

/** Return whether something has lasted for `afterMs` and still does. */
export function useLate(isLasting: boolean, afterMs: number): boolean {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    if (!isLasting) return;
    const timer = setTimeout(() => setIsLate(true), afterMs);
    return () => {
      clearTimeout(timer);
      setIsLate(false);
    };
  }, [isLasting, afterMs]);
  return isLate;
}
