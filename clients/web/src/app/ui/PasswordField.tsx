import { type InputHTMLAttributes, type KeyboardEvent, useState } from "react";
import { Field } from "#app/ui/Field.tsx";

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, "type"> {
  readonly label: string;
  readonly hint?: string;
  readonly fault?: string | undefined;
}

/** A password is written blindly, so its writer may look, and is told of capitals. */
export function PasswordField(props: Props) {
  const [isShown, setIsShown] = useState(false);
  const [hasCapitals, setHasCapitals] = useState(false);

  function onKey(event: KeyboardEvent): void {
    setHasCapitals(event.getModifierState("CapsLock"));
  }

  return (
    <Field
      {...props}
      {...(hasCapitals ? { hint: "Caps Lock is on." } : {})}
      type={isShown ? "text" : "password"}
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      onKeyDown={onKey}
      onKeyUp={onKey}
      onBlur={() => setHasCapitals(false)}
      tool={
        <button
          type="button"
          onClick={() => setIsShown(!isShown)}
          className="h-9 shrink-0 pointer-coarse:h-11 rounded-md px-2.5 text-sm font-medium text-soft hover:bg-hover hover:text-ink"
        >
          {isShown ? "Hide" : "Show"}
          <span className="sr-only"> what is typed</span>
        </button>
      }
    />
  );
}
