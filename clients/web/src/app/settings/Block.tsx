import { type ReactNode, useId } from "react";

interface Props {
  readonly title: string;
  readonly hint?: ReactNode;
  /** What can be done about all of it. */
  readonly tool?: ReactNode;
  readonly children?: ReactNode;
}

/** One thing to set, under its name. */
export function Block({ title, hint, tool, children }: Props) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="border-b border-line py-6 first:pt-2 last:border-b-0 md:py-7"
    >
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 max-w-xl grow basis-64">
          <h2 id={id} className="text-lg font-semibold">
            {title}
          </h2>
          {hint !== undefined && <div className="mt-1 text-sm text-soft">{hint}</div>}
        </div>
        {tool}
      </div>
      {children !== undefined && <div className="[&>:not(:empty,dialog)]:mt-4">{children}</div>}
    </section>
  );
}
