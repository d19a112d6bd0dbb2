import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { IconButton } from "#app/ui/IconButton.tsx";

const FIRST = "input:not([type=radio], [type=hidden]), textarea";

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  /** What it shows is shown once: neither Escape nor a press beside it closes it. */
  readonly isFirm?: boolean;
  readonly children: ReactNode;
}

/**
 * A question in front of everything else. The browser keeps the focus inside, and gives it back
 * where it was; Escape closes, and so does a press beside it. It begins where one writes.
 */
export function Dialog({ title, onClose, isFirm = false, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const isEnding = useRef(false);
  const titleId = useId();

  // A layout effect, since its end comes while the dialog is still in the page: a browser gives the
  // focus back only from there.
  useLayoutEffect(() => {
    const dialog = ref.current;
    const opener = document.activeElement;
    const part = opener?.closest("section");
    isEnding.current = false;
    dialog?.showModal();
    focusFirst(dialog);
    return () => {
      isEnding.current = true;
      dialog?.close();
      // What opened it may be gone in a moment, with what it was about.
      queueMicrotask(() => opener?.isConnected || part?.querySelector("button")?.focus());
    };
  }, []);

  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onCancel={(event) => {
        // Also told of a window for files that was closed, and of a dialog in front of this one.
        if (event.target !== ref.current) return;
        if (isFirm) event.preventDefault();
        else onClose();
      }}
      // Whoever presses Escape twice in a row is not asked by the browser: it closes.
      onClose={() => isFirm && !isEnding.current && ref.current?.showModal()}
      onPointerDown={(event) => !isFirm && event.target === ref.current && onClose()}
      className="m-auto max-h-[calc(100dvh-2rem)] w-[min(26rem,calc(100vw-2rem))] rounded-2xl border border-line bg-page p-0 text-ink shadow-card open:animate-appear"
    >
      <div className="flex items-center justify-between gap-4 px-6 pt-5">
        <h2 id={titleId} className="text-lg font-semibold">
          {title}
        </h2>
        {!isFirm && <IconButton icon="close" label="Close" className="-mr-2" onClick={onClose} />}
      </div>
      <div className="px-6 pt-3 pb-6">{children}</div>
    </dialog>
  );
}

/** One that is folded away takes no focus: then the next. */
function focusFirst(dialog: HTMLDialogElement | null): void {
  for (const field of dialog?.querySelectorAll<HTMLElement>(FIRST) ?? []) {
    field.focus();
    if (document.activeElement === field) return;
  }
}
