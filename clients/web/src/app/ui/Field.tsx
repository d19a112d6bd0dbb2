import { type InputHTMLAttributes, type ReactNode, useId } from "react";

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  readonly hint?: string;
  /** What is wrong with the value. */
  readonly fault?: string | undefined;
  /** A button at the end of the line. */
  readonly tool?: ReactNode;
}

export function Field({ label, hint, fault, tool, className = "", ...input }: Props) {
  const id = useId();
  const note = fault ?? hint;
  return (
    <div className={`flex flex-col gap-1.5 ${className}`}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <div className="relative flex">
        <input
          id={id}
          aria-invalid={fault !== undefined}
          aria-describedby={note === undefined ? undefined : `${id}-note`}
          className={`h-11 w-full rounded-lg border border-edge bg-raised px-3 text-base outline-offset-0 placeholder:text-soft aria-invalid:border-danger ${tool ? "pr-16" : ""}`}
          {...input}
        />
        {tool && (
          <div className="absolute inset-y-1 right-1 flex pointer-coarse:inset-y-0 items-center">
            {tool}
          </div>
        )}
      </div>
      {note !== undefined && (
        <p id={`${id}-note`} className={`text-sm ${fault ? "text-danger" : "text-soft"}`}>
          {note}
        </p>
      )}
    </div>
  );
}
