import {
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { Row } from "#app/conversation/list/rows.ts";
import type { Scroll } from "#app/conversation/list/useScroll.ts";

/** A line that comes into sight is drawn a frame or two later, and can be focused only then. */
const MOST_FRAMES = 20;

interface Roving {
  readonly ref: RefObject<HTMLDivElement | null>;
  /** The key of the line that Tab leads to. */
  readonly active: string | null;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: (event: FocusEvent) => void;
  readonly onBlur: (event: FocusEvent) => void;
}

/**
 * Walking through messages with the keyboard. Tab leads to the last one in sight; the arrows go on
 * from there, Home and End to the ends of what is loaded, Enter into the tools of a
 * message and Escape out of them, and from the messages to where one writes.
 */
export function useRoving(
  rows: readonly Row[],
  lastInSight: number,
  toRow: Scroll["toRow"],
): Roving {
  const ref = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const isWalking = useRef(false);
  const active = useMemo(() => {
    const isThere = chosen !== null && rows.some(({ key }) => key === chosen);
    if (isThere) return chosen;
    const above = lastInSight < 0 ? rows : rows.slice(0, lastInSight + 1);
    return above.findLast(isStop)?.key ?? null;
  }, [rows, chosen, lastInSight]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a step ends at another line.
  useEffect(() => {
    if (!isWalking.current) return;
    isWalking.current = false;
    return focusSoon(ref);
  }, [active]);

  function walk(key: string): boolean {
    const at = rows.findIndex((row) => row.key === active);
    const to = stepFrom(rows, at, key);
    const row = rows[to];
    if (!row) return false;
    isWalking.current = row.key !== active;
    setChosen(row.key);
    toRow(to, "nearest");
    return true;
  }

  function onKeyDown(event: KeyboardEvent): void {
    const article = articleOf(event.target);
    if (!article || event.defaultPrevented) return;
    const isOnArticle = article === event.target;
    if (event.key === "Escape") {
      if (isOnArticle) document.getElementById("message-box")?.focus();
      else article.focus();
    } else if (isOnArticle && event.key === "Enter") {
      article.querySelector<HTMLElement>("[role=toolbar] button")?.focus();
    } else if (!isOnArticle || !walk(event.key)) return;
    event.preventDefault();
  }

  function onFocus(event: FocusEvent): void {
    const key = articleOf(event.target)?.dataset.key;
    if (key !== undefined) setChosen(key);
  }

  /** Who comes back later begins with what is in sight then. */
  function onBlur({ currentTarget, relatedTarget }: FocusEvent): void {
    if (!isWalking.current && !currentTarget.contains(relatedTarget)) setChosen(null);
  }

  return { ref, active, onKeyDown, onFocus, onBlur };
}

/** Return where a key leads from a row: the place of another, or -1. */
function stepFrom(rows: readonly Row[], at: number, key: string): number {
  switch (key) {
    case "ArrowUp":
      return rows.slice(0, Math.max(at, 0)).findLastIndex(isStop);
    case "ArrowDown":
      return rows.findIndex((row, index) => index > at && isStop(row));
    case "Home":
      return rows.findIndex(isStop);
    case "End":
      return rows.findLastIndex(isStop);
    default:
      return -1;
  }
}

function isStop({ type }: Row): boolean {
  return type === "message" || type === "unsent";
}

/** A dialog that a message has opened is no part of the message: its keys are its own. */
function articleOf(target: EventTarget): HTMLElement | null {
  if (!(target instanceof Element) || target.closest("dialog")) return null;
  return target.closest<HTMLElement>("article");
}

/** Focus the active line as soon as that is possible. */
function focusSoon(ref: RefObject<HTMLDivElement | null>): () => void {
  let frames = 0;
  let frame = 0;
  function attempt(): void {
    const article = ref.current?.querySelector<HTMLElement>("article[tabindex='0']");
    article?.focus({ preventScroll: true });
    frames += 1;
    if (frames < MOST_FRAMES && (!article || document.activeElement !== article)) {
      frame = requestAnimationFrame(attempt);
    }
  }
  attempt();
  return () => cancelAnimationFrame(frame);
}
