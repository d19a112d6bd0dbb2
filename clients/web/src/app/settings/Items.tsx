import type { ReactNode } from "react";

interface ItemsProps {
  readonly children: ReactNode;
}

/** Things of one kind, one below the other. */
export function Items({ children }: ItemsProps) {
  return (
    <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-raised">
      {children}
    </ul>
  );
}

interface ItemProps {
  readonly picture?: ReactNode;
  readonly title: ReactNode;
  /** What tells it from the others, in smaller letters. */
  readonly notes?: ReactNode;
  readonly tools?: ReactNode;
  readonly children?: ReactNode;
}

export function Item({ picture, title, notes, tools, children }: ItemProps) {
  return (
    <li className="px-3.5 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        {picture}
        <div className="min-w-0 grow basis-40">
          <p className="font-medium wrap-anywhere">{title}</p>
          {notes !== undefined && <p className="text-sm text-soft wrap-anywhere">{notes}</p>}
        </div>
        {tools && <div className="flex max-w-full shrink-0 flex-wrap gap-2">{tools}</div>}
      </div>
      {children}
    </li>
  );
}

/** A word beside a name. */
export function Tag({ children }: ItemsProps) {
  return (
    <span className="ml-2 inline-block rounded-md bg-accent-soft px-1.5 align-middle text-xs font-medium">
      {children}
    </span>
  );
}
