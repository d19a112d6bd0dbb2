import type { KeyboardEvent } from "react";

/** Enter sends; with Shift it starts a new line; while a word is being composed it ends the word. */
export function isSendKey(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing;
}
