import { useRef, useState } from "react";
import { Button } from "#app/ui/Button.tsx";

interface Props {
  readonly label: string;
  readonly value: string;
  /** On how many it is shown whole. */
  readonly lines?: number;
}

/** Something to pass on. Where a page may not copy, it is marked, so that a person can. */
export function CopyField({ label, value, lines = 1 }: Props) {
  const ref = useRef<HTMLTextAreaElement>(null);
  const [outcome, setOutcome] = useState("");

  async function copy(): Promise<void> {
    ref.current?.select();
    try {
      await navigator.clipboard.writeText(value);
      setOutcome("Copied.");
    } catch {
      // Browsers let pages copy only where they came over TLS, or with consent.
      setOutcome("It is marked: now copy it.");
    }
  }

  return (
    <div className="w-full">
      <div className="flex items-center gap-2">
        <textarea
          ref={ref}
          readOnly
          rows={lines}
          aria-label={label}
          value={value}
          onFocus={(event) => event.target.select()}
          className={`min-w-0 grow resize-none overflow-hidden rounded-lg border border-line bg-panel px-3 py-2.25 text-sm text-ink ${lines === 1 ? "whitespace-nowrap" : ""}`}
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
