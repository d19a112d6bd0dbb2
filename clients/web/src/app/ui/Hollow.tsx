import type { ReactNode } from "react";

interface Props {
  readonly title: string;
  readonly children?: ReactNode;
}

/** What stands where there is nothing to show: a sentence, and what can be done about it. */
export function Hollow({ title, children }: Props) {
  return (
    <div className="m-auto flex max-w-sm flex-col items-center gap-3 px-6 py-10 text-center">
      <p className="text-base font-medium">{title}</p>
      {children}
    </div>
  );
}
