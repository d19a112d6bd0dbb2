import type { ButtonHTMLAttributes } from "react";
import { Icon, type IconName } from "#app/ui/Icon.tsx";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon: IconName;
  /** What it does, for those who cannot see the picture. */
  readonly label: string;
}

export function IconButton({ icon, label, className = "", ...others }: Props) {
  return (
    <button
      type="button"
      title={label}
      className={`inline-flex size-10 shrink-0 pointer-coarse:size-11 items-center justify-center rounded-lg text-soft transition-colors hover:bg-hover hover:text-ink ${className}`}
      {...others}
    >
      <Icon name={icon} />
      <span className="sr-only">{label}</span>
    </button>
  );
}
