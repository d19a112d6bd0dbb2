import { useId } from "react";

interface Props<T extends string> {
  readonly label: string;
  readonly hint?: string;
  readonly value: T;
  /** What is kept, and what it is called. */
  readonly choices: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => void;
  readonly className?: string;
}

export function Select<T extends string>(props: Props<T>) {
  const { label, hint, value, choices, onChange, className = "" } = props;
  const id = useId();
  return (
    <div className={`flex flex-col gap-1.5 ${className}`}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <select
        id={id}
        aria-describedby={hint === undefined ? undefined : `${id}-note`}
        className="h-11 w-full rounded-lg border border-edge bg-raised px-2.5 text-base"
        value={value}
        onChange={({ target }) => {
          const chosen = choices.find(([key]) => key === target.value);
          if (chosen) onChange(chosen[0]);
        }}
      >
        {choices.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
      {hint !== undefined && (
        <p id={`${id}-note`} className="text-sm text-soft">
          {hint}
        </p>
      )}
    </div>
  );
}
