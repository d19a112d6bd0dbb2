/**
 * Sizes, where nothing is drawn: a list that shows what is in sight must be told how much that is.
 * Every line is as high as every other; what scrolls is as high as a test wants it to be.
 */

import { afterEach } from "vitest";

const LINE = 40;
const USUAL = 100_000;

let height = USUAL;

/** From now on so many lines are in sight at once. */
export function showLines(lines: number): void {
  height = lines * LINE;
}

afterEach(() => {
  height = USUAL;
});

class Ruler implements ResizeObserver {
  readonly #tell: ResizeObserverCallback;
  readonly #observed = new Set<Element>();

  constructor(tell: ResizeObserverCallback) {
    this.#tell = tell;
  }

  observe(element: Element): void {
    this.#observed.add(element);
    queueMicrotask(() => {
      if (this.#observed.has(element)) this.#tell([entryOf(element)], this);
    });
  }

  unobserve(element: Element): void {
    this.#observed.delete(element);
  }

  disconnect(): void {
    this.#observed.clear();
  }
}

function entryOf(element: Element): ResizeObserverEntry {
  const isList = element.getAttribute("role") === "log";
  const contentRect = new DOMRect(0, 0, 800, isList ? height : LINE);
  const none: ResizeObserverSize[] = [];
  return {
    target: element,
    contentRect,
    borderBoxSize: none,
    contentBoxSize: none,
    devicePixelContentBoxSize: none,
  };
}

window.ResizeObserver = Ruler;
// An element that is not drawn has no such parent, and its size would not count.
Object.defineProperty(HTMLElement.prototype, "offsetParent", {
  get(this: HTMLElement) {
    return this.parentElement;
  },
});

/** A browser tells of every scrolling, also of that which a page does by itself. */
function moveTo(element: Element, top: number): void {
  element.scrollTop = Math.max(0, top);
  queueMicrotask(() => element.dispatchEvent(new Event("scroll")));
}

Object.assign(HTMLElement.prototype, {
  scrollTo(this: HTMLElement, { top = 0 }: ScrollToOptions) {
    moveTo(this, top);
  },
  scrollBy(this: HTMLElement, { top = 0 }: ScrollToOptions) {
    moveTo(this, this.scrollTop + top);
  },
});
