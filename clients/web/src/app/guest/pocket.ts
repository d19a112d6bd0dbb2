/**
 * What this browser keeps of a guest, by room: in its local storage, so that they are still who they
 * are after a reload, in a second tab, and when a phone has dropped the page. Which tab came in is
 * in the storage of the tab: in any other one, somebody is asked before they go on as that guest.
 */

import type { Pocket, Token } from "#api/guest.ts";

const PREFIX = "hubbub.guest.";
const DEVICE = "hubbub.device";

type Where = "localStorage" | "sessionStorage";

/** `newId` makes an id of this browser when it has none. */
export function pocketOf(slug: string, newId: () => string): Pocket {
  const key = PREFIX + slug;
  const device = read("localStorage", DEVICE) ?? newId();
  write("localStorage", DEVICE, device);
  return {
    device,
    get isOwn() {
      return read("sessionStorage", key) === (this.get()?.alias ?? "");
    },
    get: () => tokenIn(read("localStorage", key)),
    put(token) {
      write("localStorage", key, JSON.stringify(token));
      write("sessionStorage", key, token.alias);
    },
    clear() {
      write("localStorage", key, null);
      write("sessionStorage", key, null);
    },
  };
}

/** Anything may stand there: other versions of this page have written it. */
function tokenIn(text: string | null): Token | null {
  try {
    const { alias, refreshToken } = JSON.parse(text ?? "{}");
    const isToken = typeof alias === "string" && typeof refreshToken === "string";
    return isToken ? { alias, refreshToken } : null;
  } catch {
    return null;
  }
}

function read(where: Where, key: string): string | null {
  try {
    return window[where].getItem(key);
  } catch {
    return null; // Private windows of some browsers refuse.
  }
}

function write(where: Where, key: string, value: string | null): void {
  try {
    if (value === null) window[where].removeItem(key);
    else window[where].setItem(key, value);
  } catch {
    // Then the guest is in for as long as the page is there.
  }
}
