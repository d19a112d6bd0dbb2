import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";
import type { VirtualizerHandle } from "virtua";
import type { Row } from "#app/conversation/list/rows.ts";
import type { Place } from "#state/model.ts";

/** This close to the end counts as being there, in pixels. */
const NEAR_END = 80;
/** Browsers round what they say of scrolling, in pixels. */
const AT_END = 2;
/** So far above its line the place of what is new begins: what was read last stays in sight. */
const ABOVE_UNREAD = 96;

interface Content {
  readonly rows: readonly Row[];
  /** Another thing when other messages are shown, not only more of them. */
  readonly origin: unknown;
  readonly unreadAt: number | null;
  /** Where the reader was before; null for the end. */
  readonly place: Place | null;
  /** What comes live is at the end of these rows. */
  readonly isLive: boolean;
  /** These are the messages of the room, and not a picture of them from another time. */
  readonly isReady: boolean;
}

/** How far a screen is from both ends, in screens. */
export interface Sight {
  readonly above: number;
  readonly below: number;
  /** The rows in sight: the first, and the last. */
  readonly first: number;
  readonly last: number;
}

export interface Scroll {
  readonly ref: RefObject<VirtualizerHandle | null>;
  /** Give it to the list: another one is another list. */
  readonly generation: number;
  /** Rows were put in front or taken away there: what is in sight stays. */
  readonly isShifted: boolean;
  /** The end of the room is in sight. */
  readonly isAtEnd: boolean;
  /** It is not; while the list settles, neither is true. */
  readonly isAway: boolean;
  readonly onScroll: () => void;
  readonly onResize: () => void;
  /** Go to the end, and follow what comes. */
  readonly toEnd: () => void;
  readonly toRow: (index: number, align: "unread" | "center" | "nearest") => void;
  /** Show a message once it is there, among others than those that are here now. */
  readonly waitFor: (seq: number | null) => void;
  readonly placeNow: () => Place | null;
}

/**
 * Keep a reader's place in a list that grows at both ends: at the end it follows what is new,
 * elsewhere the lines being read stay where they are. `onSight` is told what is in sight after
 * every change.
 *
 * A room opens where the reader left it, if that is among the rows; otherwise at the first line that is new, which shows the end
 * if the rest fits below, so that nothing new is missed and nothing read is read again.
 */
export function useScroll(content: Content, onSight: (sight: Sight) => void): Scroll {
  const { rows, origin, unreadAt, place, isLive, isReady } = content;
  const ref = useRef<VirtualizerHandle>(null);
  const follows = useRef(true);
  const lastOffset = useRef(0);
  const here = useRef<Place | null>(place);
  const awaited = useRef<number | null>(null);
  const shown = useRef<readonly Row[]>([]);
  const [where, setWhere] = useState<"end" | "away" | "unknown">("unknown");
  const [begun, setBegun] = useState("");
  const [list, setList] = useState({ origin, generation: 0 });

  // Elsewhere than at the end nothing of the old list helps to keep the place in the new one.
  const isAnew = list.origin !== origin;
  if (isAnew) {
    setList({ origin, generation: list.generation + (follows.current ? 0 : 1) });
  }

  const note = useCallback(() => {
    const handle = ref.current;
    if (!handle || handle.viewportSize === 0) return;
    const { scrollOffset: offset, viewportSize, scrollSize } = handle;
    const left = scrollSize - offset - viewportSize;
    const moved = offset - lastOffset.current;
    // Who moves up a little wants to; the end must not pull them back.
    if (left <= AT_END || (left < NEAR_END && moved > 0)) follows.current = isLive;
    else if (moved < 0) follows.current = false;
    lastOffset.current = offset;
    // On the way to the end, which takes a frame or two.
    if (follows.current && left >= NEAR_END) return;
    setWhere(left < NEAR_END && isLive ? "end" : "away");
    const first = handle.findItemIndex(offset);
    const last = handle.findItemIndex(offset + viewportSize);
    here.current = follows.current ? null : placeAt(handle, shown.current, first);
    const screen = Math.max(viewportSize, 1);
    onSight({ above: offset / screen, below: left / screen, first, last });
  }, [isLive, onSight]);

  const toEnd = useCallback(() => {
    follows.current = true;
    ref.current?.scrollToIndex(shown.current.length - 1, { align: "end" });
    note();
  }, [note]);

  const toRow = useCallback((index: number, align: "unread" | "center" | "nearest") => {
    const isNew = align === "unread";
    if (align !== "nearest") follows.current = false;
    ref.current?.scrollToIndex(
      index,
      isNew ? { align: "start", offset: -ABOVE_UNREAD } : { align },
    );
  }, []);

  const waitFor = useCallback((seq: number | null) => {
    awaited.current = seq;
    if (seq !== null) follows.current = false;
  }, []);

  const placeNow = useCallback(() => here.current, []);

  const { generation } = list;
  const beginning = `${generation} ${isReady}`;
  useLayoutEffect(() => {
    shown.current = rows;
    if (rows.length > 0 && begun !== beginning) {
      setBegun(beginning);
      // Where another list stood says nothing of which way the reader moves in this one.
      lastOffset.current = 0;
      follows.current = begin(ref.current, rows, awaited.current, here.current, unreadAt);
      awaited.current = null;
      setWhere("unknown");
    } else if (follows.current) {
      ref.current?.scrollToIndex(rows.length - 1, { align: "end" });
    }
    note();
  }, [rows, begun, beginning, unreadAt, note]);

  const onResize = useCallback(() => {
    if (follows.current) ref.current?.scrollToIndex(shown.current.length - 1, { align: "end" });
    note();
  }, [note]);

  return {
    ref,
    generation,
    isShifted: isShifted(shown.current, rows, follows.current),
    isAtEnd: where === "end" && begun === beginning,
    isAway: where === "away" && begun === beginning,
    onScroll: note,
    onResize,
    toEnd,
    toRow,
    waitFor,
    placeNow,
  };
}

/** The first look at a list; return whether it goes on from the end. */
function begin(
  handle: VirtualizerHandle | null,
  rows: readonly Row[],
  awaited: number | null,
  place: Place | null,
  unreadAt: number | null,
): boolean {
  if (awaited !== null) {
    handle?.scrollToIndex(rowOf(rows, awaited), { align: "center" });
  } else if (place && isIn(rows, place.seq)) {
    handle?.scrollToIndex(rowOf(rows, place.seq), { align: "start", offset: -place.offset });
  } else if (unreadAt !== null) {
    handle?.scrollToIndex(unreadAt, { align: "start", offset: -ABOVE_UNREAD });
  } else {
    handle?.scrollToIndex(rows.length - 1, { align: "end" });
    return true;
  }
  return false;
}

/** Whether these rows reach back to a seq: what is in front of them is another stretch of the room. */
function isIn(rows: readonly Row[], seq: number): boolean {
  const first = rows.find((row) => row.type === "message");
  return first?.type === "message" && first.message.seq <= seq;
}

/** Return the place of a message among the rows, or of the one after it. */
function rowOf(rows: readonly Row[], seq: number): number {
  const at = rows.findIndex((row) => row.type === "message" && row.message.seq >= seq);
  return at < 0 ? rows.length - 1 : at;
}

function placeAt(handle: VirtualizerHandle, rows: readonly Row[], first: number): Place | null {
  for (let at = first; at < rows.length; at += 1) {
    const row = rows[at];
    if (row?.type === "message") {
      return { seq: row.message.seq, offset: handle.getItemOffset(at) - handle.scrollOffset };
    }
  }
  return null;
}

/** At the end, lists that end alike are one list, whatever happened in front. */
function isShifted(before: readonly Row[], after: readonly Row[], follows: boolean): boolean {
  if (before.length === after.length) return false;
  const isEndSame = before.at(-1)?.key === after.at(-1)?.key;
  const isStartSame = firstMessage(before) === firstMessage(after);
  return !isStartSame && (isEndSame || follows);
}

function firstMessage(rows: readonly Row[]): string | undefined {
  return rows.find(({ type }) => type === "message" || type === "unsent")?.key;
}
