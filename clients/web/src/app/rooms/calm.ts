/** The order of a list that somebody is about to press on. */

import { useCallback, useEffect, useRef, useState } from "react";

/**
 * Return the ids in the order that they had before: what has come since is on top, and what is gone
 * is left out.
 */
export function calmed(before: readonly string[], now: readonly string[]): readonly string[] {
  const there = new Set(now);
  const known = new Set(before);
  return [...now.filter((id) => !known.has(id)), ...before.filter((id) => there.has(id))];
}

/** A list that moves under the pointer leads into the wrong room: while it is held it does not. */
export function useCalm(ids: readonly string[], isHeld: boolean): readonly string[] {
  const shown = useRef(ids);
  const order = isHeld ? calmed(shown.current, ids) : ids;
  useEffect(() => {
    shown.current = order;
  });
  return order;
}

/** Whether somebody points into an element, or has the focus in it. */
export function useHeld() {
  const [isPointed, setIsPointed] = useState(false);
  const [isFocused, setIsFocused] = useState(false);
  const ref = useCallback((element: HTMLElement | null) => {
    if (!element) return;
    const point = () => setIsPointed(true);
    const unpoint = () => setIsPointed(false);
    const focus = () => setIsFocused(element.matches(":has(:focus-visible)"));
    const blur = () => setIsFocused(false);
    element.addEventListener("pointerenter", point);
    element.addEventListener("pointerleave", unpoint);
    element.addEventListener("focusin", focus);
    element.addEventListener("focusout", blur);
    return () => {
      element.removeEventListener("pointerenter", point);
      element.removeEventListener("pointerleave", unpoint);
      element.removeEventListener("focusin", focus);
      element.removeEventListener("focusout", blur);
    };
  }, []);
  return { isHeld: isPointed || isFocused, ref };
}
