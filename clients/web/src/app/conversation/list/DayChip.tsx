import type { Row } from "#app/conversation/list/rows.ts";
import { dayOf } from "#app/conversation/time.ts";

interface Props {
  readonly rows: readonly Row[];
  /** The first row in sight. */
  readonly first: number;
}

/** The day of what is being read, while one is away from the end. The headings say it as well. */
export function DayChip({ rows, first }: Props) {
  const near = rows.slice(first, first + 3);
  const row = near.find(({ type }) => type === "message");
  if (row?.type !== "message" || near.some(({ type }) => type === "day")) return null;
  return (
    <p
      aria-hidden="true"
      className="pointer-events-none absolute inset-x-0 top-2 z-10 mx-auto w-fit rounded-full border border-line bg-raised px-3 py-0.5 text-xs font-medium text-soft shadow-float"
    >
      {dayOf(row.message.created_at, Date.now())}
    </p>
  );
}
