import { useRef, useState } from "react";
import { Button } from "#app/ui/Button.tsx";

interface Props {
  readonly label: string;
  readonly value: string;
}

/** Something to pass on. Where a page may not copy, it is marked, so that a person can. */
export function CopyField({ label, value }: Props) {
  const ref = useRef<HTMLInputElement>(null);
  const [outcome, setOutcome] = useState("");

  async function copy(): Promise<void> {
    ref.current?.select();
    try {
      await navigator.clipboard.writeText(value);
      setOutcome("Copied.");
    } catch {
      // Browsers let pages copy only where they came over TLS, or with consent.
      setOutcome("It is marked: copy it with Ctrl+C.");
    }
  }

  return (
    <div className="w-full">
      <div className="flex items-center gap-2">
        <input
          ref={ref}
          readOnly
          aria-label={label}
          value={value}
          onFocus={(event) => event.target.select()}
          className="h-10 min-w-0 grow rounded-lg border border-line bg-panel px-3 text-sm text-ink"
        />
        <Button look="quiet" onClick={() => void copy()}>
          Copy
        </Button>
      </div>
      <p
        role="log"
        aria-label={`Copying: ${label}`}
        className="mt-1 min-h-5 text-left text-sm text-soft"
      >
        {outcome}
      </p>
    </div>
  );
}
