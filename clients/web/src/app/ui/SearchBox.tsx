import { Icon } from "#app/ui/Icon.tsx";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly className?: string;
}

export function SearchBox({ label, value, onChange, className = "" }: Props) {
  return (
    <div className={`relative ${className}`}>
      <Icon name="search" className="pointer-events-none absolute top-3 left-3 size-5 text-soft" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        className="h-11 w-full rounded-lg border border-edge bg-raised pr-3 pl-10.5 placeholder:text-soft"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
