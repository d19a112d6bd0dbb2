/** From keystrokes to `typing` frames: often enough to be seen, within what the server allows. */

/** The server forgets a typing person after 6 s, so this leaves room for one lost frame. */
const REPEAT_MS = 2_500;

export class Keystrokes {
  readonly #said = new Map<string, { isTyping: boolean; at: number }>();

  /**
   * Return whether to send a frame now: "is typing" again and again, "has stopped" once.
   *
   * Never sooner than `intervalMs` after the last frame of the room: the server would refuse it, and
   * forgets a typing person by itself.
   */
  note(roomId: string, isTyping: boolean, now: number, intervalMs: number): boolean {
    const said = this.#said.get(roomId) ?? { isTyping: false, at: Number.NEGATIVE_INFINITY };
    const isRepeat = isTyping === said.isTyping;
    if (isRepeat && (!isTyping || now - said.at < REPEAT_MS)) return false;
    if (now - said.at < intervalMs) return false;
    this.#said.set(roomId, { isTyping, at: now });
    return true;
  }
}
