import { useEffect, useState } from "react";

/** What a link says behind its `#`, which browsers send to nobody. */
export function givenInAddress(name: string): string | null {
  return new URLSearchParams(window.location.hash.replace(/^#/, "")).get(name) || null;
}

/** The same, taken out of the address at once: it is said once. */
export function useGiven(name: string): string | null {
  const [given] = useState(() => givenInAddress(name));
  useEffect(() => {
    window.history.replaceState(null, "", window.location.pathname);
  }, []);
  return given;
}

/**
 * The same of a secret. It stays beside this entry of the browser's history, where nobody sees it: so
 * a page that is loaded again, or come back to, still has it. Another link may be opened on the same
 * page; browsers tell that, and load nothing.
 */
export function useSecret(name: string): string | null {
  const [secret, setSecret] = useState(() => givenInAddress(name) ?? keptInHistory(name));
  useEffect(() => {
    const onLink = () => setSecret((known) => givenInAddress(name) ?? known);
    window.addEventListener("hashchange", onLink);
    return () => window.removeEventListener("hashchange", onLink);
  }, [name]);
  useEffect(() => {
    window.history.replaceState({ [name]: secret }, "", window.location.pathname);
  }, [name, secret]);
  return secret;
}

/** Return the path of a page with an invitation to the server, if there is one, for it to read. */
export function withInvite(path: string, invite: string | null): string {
  return invite === null ? path : `${path}#invite=${encodeURIComponent(invite)}`;
}

function keptInHistory(name: string): string | null {
  const kept: unknown = window.history.state?.[name];
  return typeof kept === "string" ? kept : null;
}
