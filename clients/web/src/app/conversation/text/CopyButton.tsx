import { useEffect, useState } from "react";
import { copy } from "#app/conversation/text/clipboard.ts";
import { IconButton } from "#app/ui/IconButton.tsx";

interface Props {
  readonly text: string;
  readonly label: string;
  readonly className?: string;
}

/** Long enough to be read, in ms. */
const SAID_MS = 2_000;

const SENTENCES = { copied: "Copied", failed: "Could not be copied" } as const;

/** Copies a text, and says so. */
export function CopyButton({ text, label, className }: Props) {
  const [outcome, setOutcome] = useState<keyof typeof SENTENCES | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), SAID_MS);
    return () => clearTimeout(timer);
  }, [outcome]);

  return (
    <span className="relative">
      <IconButton
        icon={outcome === "copied" ? "check" : "copy"}
        label={label}
        className={className}
        onClick={() => void copy(text).then((isDone) => setOutcome(isDone ? "copied" : "failed"))}
      />
      <span
        role="status"
        className={`pointer-events-none absolute bottom-full left-1/2 mb-1 -translate-x-1/2 rounded-md bg-ink px-2 py-0.5 text-xs whitespace-nowrap text-page ${outcome === null ? "opacity-0" : ""}`}
      >
        {outcome && SENTENCES[outcome]}
      </span>
    </span>
  );
}
