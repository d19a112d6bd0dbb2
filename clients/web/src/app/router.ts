/**
 * Addresses of pages. A few fixed ones, so this is less than a library would be to learn: a path
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
  /** Looking after a room; `section` is empty for the first one. */
  | { readonly page: "desk"; readonly roomId: string; readonly section: string }
  /** Where the link of an invitation leads. */
  | { readonly page: "invite"; readonly code: string }
  /** Where the link of a guest room leads, whoever follows it. */
  | { readonly page: "guest"; readonly slug: string }
  | { readonly page: "unknown" };

const SETTINGS = /^\/settings(?:\/([a-z-]{1,32}))?\/?$/;
const GUEST = /^\/g\/([0-9A-Za-z_-]{1,64})\/?$/;
const INVITE = /^\/invite\/([0-9A-Za-z_-]{1,128})\/?$/;
const DESK = /^\/rooms\/([0-9A-Za-z-]{1,64})\/desk(?:\/([a-z-]{1,32}))?\/?$/;
const ROOM = /^\/rooms\/([0-9A-Za-z-]{1,64})\/?$/;

/** Return the page that a path names. */
export function routeOf(path: string): Route {
  const roomId = ROOM.exec(path)?.[1];
  if (roomId !== undefined) return { page: "room", roomId };
  const slug = GUEST.exec(path)?.[1];
  if (slug !== undefined) return { page: "guest", slug };
  const code = INVITE.exec(path)?.[1];
  if (code !== undefined) return { page: "invite", code };
  const desk = DESK.exec(path);
  if (desk?.[1] !== undefined) return { page: "desk", roomId: desk[1], section: desk[2] ?? "" };
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

export function pathOfGuests(slug: string): string {
  return `/g/${slug}`;
}

export function pathOfInvite(code: string): string {
  return `/invite/${code}`;
}

export function pathOfDesk(roomId: string, section = ""): string {
  return `${pathOfRoom(roomId)}/desk${section === "" ? "" : `/${section}`}`;
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
