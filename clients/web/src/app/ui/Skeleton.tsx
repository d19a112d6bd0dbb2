interface Props {
  readonly rows: number;
  /** What is being waited for. */
  readonly label: string;
}

/** Grey bars in the place of what is coming. */
export function Skeleton({ rows, label }: Props) {
  return (
    <div className="flex animate-pulse flex-col gap-4 p-4" aria-busy="true">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move.
        <div key={row} className="flex items-center gap-3" aria-hidden="true">
          <span className="size-9 shrink-0 rounded-full bg-hover" />
          <span className="flex grow flex-col gap-2">
            <span className="h-3 w-28 rounded bg-hover" />
            <span className={`h-3 rounded bg-hover ${row % 2 ? "w-3/5" : "w-4/5"}`} />
          </span>
        </div>
      ))}
    </div>
  );
}
