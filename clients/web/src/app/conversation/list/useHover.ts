import { type RefObject, useEffect, useState } from "react";

/**
 * Return the key of the line under the pointer. Listened to at the document, since React is not told
 * when what is under the pointer goes away (a button, a dialog). A touch is no hovering.
 */
export function useHover(ref: RefObject<HTMLElement | null>): string | null {
  const [hovered, setHovered] = useState<string | null>(null);
  useEffect(() => {
    function onOver({ target, pointerType }: PointerEvent): void {
      const article = target instanceof Element ? target.closest<HTMLElement>("article") : null;
      const isHere = article !== null && ref.current?.contains(article) && pointerType !== "touch";
      setHovered(isHere ? (article.dataset.key ?? null) : null);
    }
    document.addEventListener("pointerover", onOver);
    return () => document.removeEventListener("pointerover", onOver);
  }, [ref]);
  return hovered;
}
