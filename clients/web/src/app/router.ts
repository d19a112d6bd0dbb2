/**
 * Addresses of pages. A dozen fixed ones, so this is less than a library would be to learn: a path
 * is read into a `Route`, and the browser's history is the only place where it is kept.
 */

import { useSyncExternalStore } from "react";

export type Route =
  | { readonly page: "login" }
  | { readonly page: "register" }
  | { readonly page: "setup" }
  | { readonly page: "forgot" }
  /** Where the links of mails lead, whoever is logged in. */
  | { readonly page: "verify" }
  | { readonly page: "confirm-email" }
  | { readonly page: "reset" }
  /** `section` is empty for the list of them. */
  | { readonly page: "settings"; readonly section: string }
  | { readonly page: "rooms" }
  | { readonly page: "find" }
  | { readonly page: "room"; readonly roomId: string }
  | { readonly page: "unknown" };

const SETTINGS = /^\/settings(?:\/([a-z-]{1,32}))?\/?$/;
const ROOM = /^\/rooms\/([0-9A-Za-z-]{1,64})\/?$/;

/** Return the page that a path names. */
export function routeOf(path: string): Route {
  const roomId = ROOM.exec(path)?.[1];
  if (roomId !== undefined) return { page: "room", roomId };
  const settings = SETTINGS.exec(path);
  if (settings) return { page: "settings", section: settings[1] ?? "" };
  return PAGES[path.replace(/\/$/, "")] ?? { page: "unknown" };
}

const PAGES: Readonly<Record<string, Route>> = {
  "": { page: "rooms" },
  "/login": { page: "login" },
  "/register": { page: "register" },
  "/setup": { page: "setup" },
  "/forgot": { page: "forgot" },
  "/verify": { page: "verify" },
  "/confirm-email": { page: "confirm-email" },
  "/reset": { page: "reset" },
  "/rooms": { page: "rooms" },
  "/find": { page: "find" },
};

export function pathOfRoom(roomId: string): string {
  return `/rooms/${roomId}`;
}

const MOVED = "hubbub:moved";

/** Go to a page; `replace` leaves no way back to this one. */
export function navigate(path: string, how: "push" | "replace" = "push"): void {
  if (how === "push") window.history.pushState(null, "", path);
  else window.history.replaceState(null, "", path);
  window.dispatchEvent(new Event(MOVED));
}

/** The path of the page that is shown. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => window.location.pathname);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("popstate", listener);
  window.addEventListener(MOVED, listener);
  return () => {
    window.removeEventListener("popstate", listener);
    window.removeEventListener(MOVED, listener);
  };
}
