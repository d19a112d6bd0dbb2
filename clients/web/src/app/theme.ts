/**
 * Light, dark, or what the system says. The choice is kept in this browser and shared by its tabs;
 * `public/theme.js` reads it before the first paint.
 */

import { useSyncExternalStore } from "react";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "hubbub.theme";
const CHANGED = "hubbub:theme";

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, themeOfPage);
}

/** Show the page so from now on, here and when it is loaded again. */
export function chooseTheme(theme: Theme): void {
  keep(theme);
  wear(theme);
}

/** Whether somebody chose one in this browser. */
export function hasOwnTheme(): boolean {
  return themeOfPage() !== "system";
}

/** Colour the browser's own bars like the page, and follow what other tabs and the system do. */
export function followTheme(): void {
  paintBars();
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key === KEY || key === null) wear(themeIn(newValue));
  });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paintBars);
}

function wear(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === "system") delete dataset.theme;
  else dataset.theme = theme;
  paintBars();
  window.dispatchEvent(new Event(CHANGED));
}

function themeOfPage(): Theme {
  return themeIn(document.documentElement.dataset.theme ?? null);
}

function themeIn(word: string | null): Theme {
  return THEMES.find((theme) => theme === word) ?? "system";
}

/** A browser that keeps nothing wears the theme until it is closed. */
function keep(theme: Theme): void {
  try {
    if (theme === "system") window.localStorage.removeItem(KEY);
    else window.localStorage.setItem(KEY, theme);
  } catch {
    // Private windows of some browsers refuse.
  }
}

function paintBars(): void {
  const { backgroundColor } = window.getComputedStyle(document.body);
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
    meta.setAttribute("content", backgroundColor);
  }
}

function subscribe(listener: () => void): () => void {
  window.addEventListener(CHANGED, listener);
  return () => window.removeEventListener(CHANGED, listener);
}
