import type { InputHTMLAttributes } from "react";
import { Field } from "#app/ui/Field.tsx";

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, "type"> {
  readonly label: string;
  readonly hint?: string;
  readonly fault?: string | undefined;
}

/** A one-time code: phones offer the one that just came. */
export function CodeField(props: Props) {
  return (
    <Field
      autoComplete="one-time-code"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      required
      maxLength={40}
      {...props}
    />
  );
}
