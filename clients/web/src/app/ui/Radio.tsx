interface Props<T extends string> {
  readonly legend: string;
  readonly name: string;
  readonly value: T;
  /** What is kept, what it is called, and what it means. */
  readonly choices: readonly (readonly [T, string, string])[];
  readonly onChange: (value: T) => void;
}

/** One of a few, each with what it means. */
export function Radio<T extends string>({ legend, name, value, choices, onChange }: Props<T>) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">{legend}</legend>
      {choices.map(([key, label, hint]) => (
        <label
          key={key}
          className="flex cursor-pointer items-center gap-3 rounded-lg border border-line bg-raised px-3 py-2.5 has-checked:border-accent has-checked:bg-accent-soft"
        >
          <input
            type="radio"
            name={name}
            className="shrink-0 accent-accent"
            checked={value === key}
            onChange={() => onChange(key)}
          />
          <span className="flex flex-wrap items-baseline gap-x-3">
            <span className="font-medium">{label}</span>
            <span className="text-sm text-soft">{hint}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
