/**
 * The page that a stranger wanted, kept while they become somebody. An invitation is kept in the
 * browser, since who registers may come back by the link of a mail, in another tab; anything else
 * lasts as long as the page.
 */

const KEY = "hubbub.wanted";
const USUAL = "/rooms";

let wanted = USUAL;

export function keepWanted(path: string): void {
  wanted = path === "/" ? USUAL : path;
  if (isInvitation(path)) store(path);
}

/** Return where to lead whoever has come in, and forget it. */
export function takeWanted(): string {
  const path = stored() ?? wanted;
  forgetWanted();
  return path;
}

export function forgetWanted(): void {
  wanted = USUAL;
  store(null);
}

/** A stranger has followed an invitation. */
export function isInvited(): boolean {
  return isInvitation(wanted) || stored() !== null;
}

function isInvitation(path: string): boolean {
  return path.startsWith("/invite/");
}

function stored(): string | null {
  try {
    const path = window.localStorage.getItem(KEY);
    return path !== null && isInvitation(path) ? path : null;
  } catch {
    return null; // Private windows of some browsers refuse.
  }
}

function store(path: string | null): void {
  try {
    if (path === null) window.localStorage.removeItem(KEY);
    else window.localStorage.setItem(KEY, path);
  } catch {
    // Then it lasts as long as the page.
  }
}
