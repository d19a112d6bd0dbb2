import type { ReactNode } from "react";
import { Logo } from "#app/ui/Logo.tsx";

interface Props {
  readonly title: string;
  readonly subtitle?: string;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
}

/** The frame of the pages for people who are not logged in. */
export function EntryCard({ title, subtitle, children, footer }: Props) {
  return (
    <main className="flex h-full flex-col overflow-y-auto px-4 py-10">
      <div className="m-auto w-full max-w-sm">
        <div className="mb-8 flex items-center justify-center gap-2.5">
          <Logo className="size-8" />
          <span className="text-lg font-semibold tracking-tight">Hubbub</span>
        </div>
        <div className="rounded-2xl border border-line bg-raised p-6 shadow-card sm:p-8">
          <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
          {subtitle !== undefined && <p className="mt-1 text-sm text-soft">{subtitle}</p>}
          <div className="mt-6">{children}</div>
        </div>
        {footer !== undefined && <p className="mt-6 text-center text-sm text-soft">{footer}</p>}
      </div>
    </main>
  );
}
