import type { ButtonHTMLAttributes } from "react";

const LOOKS = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong disabled:opacity-50",
  quiet: "border border-line bg-raised text-ink hover:bg-hover disabled:opacity-50",
  danger: "bg-danger text-on-danger hover:opacity-90 disabled:opacity-50",
} as const;

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: keyof typeof LOOKS;
}

export function Button({ look = "primary", className = "", ...others }: Props) {
  return (
    <button
      type="button"
      className={`inline-flex min-h-10 items-center pointer-coarse:min-h-11 justify-center gap-2 rounded-lg px-4 text-base font-medium transition-colors ${LOOKS[look]} ${className}`}
      {...others}
    />
  );
}
