import { useEffect } from "react";

/** Keys that work everywhere on the page; `help` does not while somebody writes. */
export function useShortcuts(jump: () => void, help: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing || event.altKey) return;
      const isJump = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
      const isHelp = event.key === "?" && !isWriting(event.target);
      if (!isJump && !isHelp) return;
      event.preventDefault();
      if (isJump) jump();
      else help();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [jump, help]);
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea") !== null;
}
