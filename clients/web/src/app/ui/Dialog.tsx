import { type ReactNode, useEffect, useId, useRef } from "react";
import { IconButton } from "#app/ui/IconButton.tsx";

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A question in front of everything else. The browser keeps the focus inside; Escape closes. */
export function Dialog({ title, onClose, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);

  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onCancel={onClose}
      className="m-auto w-[min(26rem,calc(100vw-2rem))] rounded-2xl border border-line bg-page p-0 text-ink shadow-card"
    >
      <div className="flex items-center justify-between gap-4 px-6 pt-5">
        <h2 id={titleId} className="text-lg font-semibold">
          {title}
        </h2>
        <IconButton icon="close" label="Close" className="-mr-2" onClick={onClose} />
      </div>
      <div className="px-6 pt-3 pb-6">{children}</div>
    </dialog>
  );
}
