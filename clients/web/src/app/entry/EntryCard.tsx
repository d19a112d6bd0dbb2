import { type ReactNode, useEffect, useRef } from "react";
import { Logo } from "#app/ui/Logo.tsx";
import { ThemeChoice } from "#app/ui/ThemeChoice.tsx";
import { useDocumentTitle } from "#app/ui/useDocumentTitle.ts";

interface Props {
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
}

/** The frame of the pages for people who are not logged in. */
export function EntryCard({ title, subtitle, children, footer }: Props) {
  const ref = useRef<HTMLElement>(null);
  const titleRef = useRef<HTMLHeadingElement>(null);
  const shownTitle = useRef(title);
  useDocumentTitle(`${title} - Hubbub`);

  useEffect(() => {
    // A phone's keyboard would cover the page before it was read.
    if (!window.matchMedia("(pointer: fine)").matches) return;
    const fields = [...(ref.current?.querySelectorAll("form input") ?? [])];
    const first = fields.find((field) => field instanceof HTMLInputElement && field.value === "");
    if (first instanceof HTMLElement) first.focus();
  }, []);

  useEffect(() => {
    // What was on the page is gone, and with it the focus: whoever listens hears what came instead.
    if (shownTitle.current !== title) titleRef.current?.focus();
    shownTitle.current = title;
  }, [title]);

  return (
    <div className="flex h-full flex-col overflow-y-auto px-4 pt-[calc(env(safe-area-inset-top)+2rem)] pb-[calc(env(safe-area-inset-bottom)+1rem)]">
      <main ref={ref} className="m-auto w-full max-w-sm">
        <div className="mb-1 flex items-center justify-center gap-2.5">
          <Logo className="size-9" />
          <span className="text-2xl font-semibold tracking-tight">Hubbub</span>
        </div>
        <p className="mb-7 text-center text-sm text-soft">
          The rooms and people of <span className="break-all">{window.location.host}</span>
        </p>
        <div className="rounded-2xl border border-line bg-raised p-6 shadow-card sm:p-8">
          <h1
            ref={titleRef}
            tabIndex={-1}
            className="text-2xl font-semibold tracking-tight outline-none wrap-anywhere"
          >
            {title}
          </h1>
          {subtitle !== undefined && (
            <p className="mt-1 text-sm text-soft wrap-anywhere">{subtitle}</p>
          )}
          <div className="mt-6">{children}</div>
        </div>
        {footer !== undefined && <p className="mt-6 text-center text-sm text-soft">{footer}</p>}
      </main>
      <footer className="mx-auto mt-8 w-full max-w-60">
        <ThemeChoice isPlain />
      </footer>
    </div>
  );
}
