import { useEffect, useState } from "react";

/** What a link says behind its `#`, which browsers send to nobody. */
export function givenInAddress(name: string): string | null {
  return new URLSearchParams(window.location.hash.replace(/^#/, "")).get(name) || null;
}

/** The same, taken out of the address at once: what it says is a secret, or is said once. */
export function useGiven(name: string): string | null {
  const [given] = useState(() => givenInAddress(name));
  useEffect(() => {
    window.history.replaceState(null, "", window.location.pathname);
  }, []);
  return given;
}
