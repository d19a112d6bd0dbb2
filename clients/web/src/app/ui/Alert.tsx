import type { ReactNode } from "react";

interface Props {
  readonly children: ReactNode;
}

/** Something went wrong, said where it happened. */
export function Alert({ children }: Props) {
  return (
    <p role="alert" className="rounded-lg bg-danger-soft px-3.5 py-2.5 text-sm text-danger">
      {children}
    </p>
  );
}
