/** No patience with a disk: whatever goes wrong there, or takes too long, is `NotKept`. */

import { NotKept } from "#shelf/shelf.ts";

export interface Clock {
  now(): number;
  /** Call `ring` once after `afterMs`; return how to call it off. */
  setTimer(ring: () => void, afterMs: number): () => void;
}

/**
 * A healthy disk takes some milliseconds. One that waits for a page of another version, or that the
 * browser has lost, may never answer; a message must not wait for it.
 */
const PATIENCE_MS = 5_000;

/** Return what the disk answers.  Raises: NotKept. */
export function answered<T>(clock: Clock, work: () => PromiseLike<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => reject(new NotKept("not kept", { cause }));
    const callOff = clock.setTimer(() => fail("too slow"), PATIENCE_MS);
    attempt(work).then(resolve, fail).finally(callOff);
  });
}

/** A browser that forbids its storage may also do so by raising at once. */
async function attempt<T>(work: () => PromiseLike<T>): Promise<T> {
  return await work();
}
