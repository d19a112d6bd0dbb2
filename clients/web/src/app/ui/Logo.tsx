interface Props {
  readonly className?: string;
}

export function Logo({ className = "size-7" }: Props) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true">
      <path
        className="fill-accent"
        d="M9 3h14a6 6 0 0 1 6 6v8a6 6 0 0 1-6 6h-8l-6.4 5.6A1 1 0 0 1 7 27.9V22.6A6 6 0 0 1 3 17V9a6 6 0 0 1 6-6z"
      />
      <g className="fill-on-accent">
        <circle cx="10.5" cy="13" r="1.9" />
        <circle cx="16" cy="13" r="1.9" />
        <circle cx="21.5" cy="13" r="1.9" />
      </g>
    </svg>
  );
}
