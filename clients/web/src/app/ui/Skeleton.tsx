interface Props {
  readonly rows: number;
  /** What is being waited for. */
  readonly label: string;
  readonly shape?: keyof typeof SHAPES;
}

/** Grey bars in the place of what is coming, and of its size, so that nothing jumps when it comes. */
export function Skeleton({ rows, label, shape = "message" }: Props) {
  const { list, row, mark, lines } = SHAPES[shape];
  return (
    <div className={`flex animate-pulse flex-col ${list}`} aria-busy="true">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, number) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move.
        <div key={number} className={`flex items-center ${row}`} aria-hidden="true">
          {mark !== "" && <span className={`shrink-0 bg-hover ${mark}`} />}
          <span className="flex grow flex-col gap-2">
            {lines === 2 && <span className="h-3 w-28 rounded bg-hover" />}
            <span className={`h-3 rounded bg-hover ${WIDTHS[number % WIDTHS.length]}`} />
          </span>
        </div>
      ))}
    </div>
  );
}

const WIDTHS = ["w-4/5", "w-3/5", "w-2/3"];

const SHAPES = {
  /** A face and two lines. */
  message: { list: "gap-4 p-4 md:px-6", row: "gap-3", mark: "size-9 rounded-full", lines: 2 },
  /** A line of the list of rooms. */
  room: { list: "gap-0.5", row: "min-h-10 gap-2.5 px-2.5", mark: "size-6 rounded-md", lines: 1 },
  /** A face and a name. */
  person: { list: "", row: "min-h-11 gap-2.5 px-2", mark: "size-8 rounded-full", lines: 1 },
  /** A title and a topic. */
  card: { list: "mt-5 gap-0", row: "gap-3 px-4 py-4", mark: "", lines: 2 },
} as const;
