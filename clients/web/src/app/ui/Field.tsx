import { type InputHTMLAttributes, useId } from "react";

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  readonly hint?: string;
  /** What is wrong with the value. */
  readonly fault?: string | undefined;
}

export function Field({ label, hint, fault, className = "", ...input }: Props) {
  const id = useId();
  const note = fault ?? hint;
  return (
    <div className={`flex flex-col gap-1.5 ${className}`}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <input
        id={id}
        aria-invalid={fault !== undefined}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        className="h-11 rounded-lg border border-edge bg-raised px-3 text-base outline-offset-0 placeholder:text-soft aria-invalid:border-danger"
        {...input}
      />
      {note !== undefined && (
        <p id={`${id}-note`} className={`text-sm ${fault ? "text-danger" : "text-soft"}`}>
          {note}
        </p>
      )}
    </div>
  );
}
