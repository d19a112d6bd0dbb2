/** Line drawings on a 24 × 24 grid; decoration only, the words stand beside them. */

const PATHS = {
  alert: "M12 4l9.5 16h-19zM12 10v4.5M12 17.2v.1",
  bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4",
  back: "M15 5l-7 7 7 7",
  check: "M5 12.5l5 5L19.5 7",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7.5V12l3 2",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h10v10H9zM5 15V5h10",
  down: "M12 5v14M6 13l6 6 6-6",
  edit: "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
  device: "M4 5h16v11H4zM9 20h6M12 16v4",
  door: "M6 21V3h12v18M3 21h18M14.5 12v.5",
  eye: "M2.5 12c2-4 5.3-6.5 9.5-6.5s7.5 2.5 9.5 6.5c-2 4-5.3 6.5-9.5 6.5S4.5 16 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  flag: "M5 21V4h12l-2.5 4.5L17 13H5",
  file: "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5",
  gear: "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M18.4 5.6l-2.1 2.1M7.7 16.3l-2.1 2.1",
  key: "M8 19a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM11.5 10.5L20 2M16.5 5.5l3 3",
  compass: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM15.5 8.5l-2 5-5 2 2-5z",
  leave: "M14 4H6v16h8M10 12h10M16 8l4 4-4 4",
  list: "M4 6h16M4 12h16M4 18h10",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  mail: "M3 6h18v12H3zM3.5 6.5L12 13l8.5-6.5",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.5-3.5 3-5.5 6.5-5.5s6 2 6.5 5.5M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.8c2 .7 3.2 2.5 3.5 5.2",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.6-3.8 3.5-6 7.5-6s6.9 2.2 7.5 6",
  plus: "M12 5v14M5 12h14",
  reply: "M10 6l-6 5.5 6 5.5v-3.5c5 0 8 1.5 10 5 0-6.5-4-9.5-10-9.5z",
  room: "M9 4L7 20M17 4l-2 16M4.5 9H20M4 15h15.5",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4",
  send: "M4 12l16-8-5 17-3.5-7z",
  shield: "M12 3l8 3v6c0 4.5-3.2 7.6-8 9-4.8-1.4-8-4.5-8-9V6zM9 12l2.2 2.2L15.5 10",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14.5c1.8 2.3 5.2 2.3 7 0M9 9.5v.5M15 9.5v.5",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13",
} as const;

export type IconName = keyof typeof PATHS;

interface Props {
  readonly name: IconName;
  readonly className?: string;
}

export function Icon({ name, className = "size-5" }: Props) {
  return (
    <svg
      viewBox="0 0 24 24"
      className={className}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
