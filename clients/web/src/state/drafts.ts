/**
 * What is written but not sent, on all pages of a browser: the last one to write is right.
 *
 * A room whose draft is on its way to the shelf hears nothing of it meanwhile, so that no letter is
 * taken back while somebody types. Of many changes in a row only the newest is written.
 */

import type { LastingShelf } from "#shelf/lasting.ts";
import type { Draft } from "#shelf/shelf.ts";

export class Drafts {
  readonly #shelf: LastingShelf;
  readonly #show: (draft: Draft) => void;
  /** The newest text of rooms whose draft the shelf does not have. */
  readonly #unwritten = new Map<string, string>();
  /** Rooms whose draft is being written, and how often at once. */
  readonly #busy = new Map<string, number>();
  #isWriting = false;

  /** `show` is called with every draft that changes, here or on another page. */
  constructor(shelf: LastingShelf, show: (draft: Draft) => void) {
    this.#shelf = shelf;
    this.#show = show;
  }

  write(roomId: string, text: string): void {
    this.#show({ room_id: roomId, text });
    this.#unwritten.set(roomId, text);
    if (!this.#isWriting) void this.#writeAll();
  }

  /** The draft becomes a message; `kept` settles when the shelf has made it one. */
  turnIntoMessage(roomId: string, kept: Promise<void>): void {
    this.#show({ room_id: roomId, text: "" });
    this.#unwritten.delete(roomId);
    void this.#during(roomId, kept);
  }

  /** Other pages have written these. */
  hear(drafts: readonly Draft[]): void {
    for (const draft of drafts) {
      const { room_id } = draft;
      if (!this.#unwritten.has(room_id) && !this.#busy.has(room_id)) this.#show(draft);
    }
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    for (let next = this.#take(); next; next = this.#take()) {
      const draft = next;
      await this.#during(
        draft.room_id,
        this.#shelf.use((shelf) => shelf.writeDraft(draft)),
      );
    }
    this.#isWriting = false;
  }

  #take(): Draft | null {
    const [first] = this.#unwritten;
    if (!first) return null;
    const [room_id, text] = first;
    this.#unwritten.delete(room_id);
    return { room_id, text };
  }

  async #during(roomId: string, work: Promise<void>): Promise<void> {
    this.#busy.set(roomId, (this.#busy.get(roomId) ?? 0) + 1);
    await work;
    const left = (this.#busy.get(roomId) ?? 0) - 1;
    if (left > 0) this.#busy.set(roomId, left);
    else this.#busy.delete(roomId);
  }
}
