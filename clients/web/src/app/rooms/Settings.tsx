import { type FormEvent, useState } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Icon } from "#app/ui/Icon.tsx";
import { PresenceDot } from "#app/ui/PresenceDot.tsx";
import { ThemeChoice } from "#app/ui/ThemeChoice.tsx";
import type { ChosenState } from "#protocol/frames.ts";

interface Props {
  readonly onHelp: () => void;
  readonly onClose: () => void;
}

/** How the reader is seen, and how the reader sees this page. */
export function Settings({ onHelp, onClose }: Props) {
  return (
    <div className="absolute inset-x-2 top-full z-30 mt-1 flex animate-appear flex-col gap-4 rounded-xl border border-line bg-raised p-3 shadow-card md:top-auto md:bottom-full md:mb-1">
      <Appearance />
      <ThemeChoice />
      <Anchor
        to="/settings"
        className="flex min-h-10 items-center gap-2.5 rounded-lg px-2 text-sm hover:bg-hover"
      >
        <Icon name="gear" className="size-4.5 text-soft" />
        All settings
      </Anchor>
      <button
        type="button"
        onClick={() => {
          onClose();
          onHelp();
        }}
        className="hidden min-h-10 items-center justify-between rounded-lg px-2 text-sm hover:bg-hover pointer-fine:flex"
      >
        Keyboard shortcuts
        <kbd className="rounded border border-line px-1.5 font-sans text-xs text-soft">?</kbd>
      </button>
    </div>
  );
}

const CHOICES: readonly (readonly [ChosenState, string, string])[] = [
  ["online", "Online", ""],
  ["away", "Away", ""],
  ["dnd", "Do not disturb", ""],
  ["invisible", "Invisible", "Others see you offline"],
];

/** Taken for every device of the reader, and kept. */
function Appearance() {
  const { attendance } = useApp();
  const chosen = useAppState((state) => state.chosen);
  const statusText = useAppState((state) => state.statusText);
  return (
    <fieldset className="flex flex-col">
      <legend className="px-2 pb-1 text-xs font-semibold text-soft">Appear as</legend>
      {CHOICES.map(([state, label, hint]) => (
        <label
          key={state}
          className="flex min-h-10 cursor-pointer items-center gap-2.5 rounded-lg px-2 text-sm hover:bg-hover has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name="presence"
            className="sr-only"
            checked={chosen === state}
            onChange={() => void attendance.choose(state, statusText)}
          />
          <PresenceDot
            standing={state === "invisible" ? "offline" : state}
            ring="stroke-raised"
            className="size-3.5"
          />
          {label}
          {hint !== "" && <span className="ml-auto text-xs text-soft">{hint}</span>}
        </label>
      ))}
      <StatusText key={statusText} />
    </fieldset>
  );
}

/** The longest that the server takes. */
const MOST_CHARS = 128;

function StatusText() {
  const { attendance } = useApp();
  const chosen = useAppState((state) => state.chosen);
  const known = useAppState((state) => state.statusText);
  const [text, setText] = useState(known);

  function save(event: FormEvent): void {
    event.preventDefault();
    void attendance.choose(chosen, text.trim());
  }

  return (
    <form onSubmit={save} className="mt-1.5 flex gap-1.5">
      <input
        aria-label="Status"
        placeholder="What you are up to"
        maxLength={MOST_CHARS}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="h-10 min-w-0 grow rounded-lg border border-edge bg-raised px-2.5 text-sm placeholder:text-soft"
      />
      {text.trim() !== known && (
        <button
          type="submit"
          className="h-10 rounded-lg bg-accent px-3 text-sm font-medium text-on-accent hover:bg-accent-strong"
        >
          Save
        </button>
      )}
    </form>
  );
}
