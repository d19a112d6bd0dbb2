/**
 * Pictures of people, by their address. They are for those who are logged in, so a token goes with
 * each request, which an `<img>` cannot send; and they are kept, so that who is drawn again is so at
 * once.
 */

import type { FileCall } from "#api/call.ts";
import { Refused } from "#api/http.ts";

/** What the server has, in pixels a side. */
export type SizePx = 64 | 256;

/** More are not in sight; the ones that were seen first go. Each takes 16 KB, a large one 256 KB. */
const MOST = 300;

const known = new Map<string, ImageBitmap>();
const underWay = new Map<string, Promise<ImageBitmap | null>>();

/** The picture, if it is there already. */
export function faceAt(path: string, size: SizePx): ImageBitmap | null {
  return known.get(sized(path, size)) ?? null;
}

/** Return the picture; null if there is none to be had now. */
export function fetchFace(call: FileCall, path: string, size: SizePx): Promise<ImageBitmap | null> {
  const address = sized(path, size);
  const there = known.get(address);
  if (there) return Promise.resolve(there);
  const asked = underWay.get(address) ?? fetched(call, address);
  underWay.set(address, asked);
  return asked;
}

async function fetched(call: FileCall, address: string): Promise<ImageBitmap | null> {
  try {
    const face = await createImageBitmap(
      await call({ method: "GET", path: address, isKept: true }),
    );
    keep(address, face);
    return face;
  } catch (error) {
    if (error instanceof Refused || error instanceof DOMException) return null;
    throw error;
  } finally {
    underWay.delete(address);
  }
}

function keep(address: string, face: ImageBitmap): void {
  known.set(address, face);
  const [oldest] = known.keys();
  if (known.size > MOST && oldest !== undefined) known.delete(oldest);
}

function sized(path: string, size: SizePx): string {
  return `${path}${path.includes("?") ? "&" : "?"}size=${size}`;
}
