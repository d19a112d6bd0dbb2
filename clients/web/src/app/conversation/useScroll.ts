import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** This close to the end counts as being there, in pixels. */
const NEAR_END = 80;
/** This close to the beginning older messages are fetched, in pixels. */
const NEAR_START = 400;

interface Content {
  /** What stands first; when it changes, something was put before it. */
  readonly first: string | undefined;
  /** Anything that changes when the content does. */
  readonly version: unknown;
  /** The reader's own lines at the end; one more takes the reader there. */
  readonly ownCount: number;
}

interface Scroll {
  readonly ref: RefObject<HTMLDivElement | null>;
  readonly isAtEnd: boolean;
  readonly onScroll: () => void;
  readonly toEnd: () => void;
}

/**
 * Keep a reader's place in a list that grows at both ends: at the end it follows what is new,
 * elsewhere the lines being read stay where they are. `onNearStart` is called when the beginning
 * comes near, and again after every change while it is.
 */
export function useScroll({ first, version, ownCount }: Content, onNearStart: () => void): Scroll {
  const ref = useRef<HTMLDivElement>(null);
  const before = useRef({ first, ownCount, height: 0, top: 0, isAtEnd: true });
  const [isAtEnd, setIsAtEnd] = useState(true);

  const note = useCallback(() => {
    const list = ref.current;
    if (!list) return;
    const left = list.scrollHeight - list.scrollTop - list.clientHeight;
    before.current.height = list.scrollHeight;
    before.current.top = list.scrollTop;
    before.current.isAtEnd = left < NEAR_END;
    setIsAtEnd(left < NEAR_END);
    if (list.scrollTop < NEAR_START) onNearStart();
  }, [onNearStart]);

  const toEnd = useCallback(() => {
    ref.current?.scrollTo({ top: ref.current.scrollHeight });
    note();
  }, [note]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` stands for the content.
  useLayoutEffect(() => {
    const list = ref.current;
    if (!list) return;
    const was = before.current;
    if (was.isAtEnd || ownCount > was.ownCount) list.scrollTop = list.scrollHeight;
    else if (was.first !== first) list.scrollTop = was.top + list.scrollHeight - was.height;
    was.first = first;
    was.ownCount = ownCount;
    note();
  }, [first, version, ownCount, note]);

  // The list shrinks when the writing grows or a keyboard comes up: the end stays in sight.
  useEffect(() => {
    const list = ref.current;
    if (!list) return;
    const observer = new ResizeObserver(() => {
      if (before.current.isAtEnd) list.scrollTop = list.scrollHeight;
    });
    observer.observe(list);
    return () => observer.disconnect();
  }, []);

  return { ref, isAtEnd, onScroll: note, toEnd };
}
