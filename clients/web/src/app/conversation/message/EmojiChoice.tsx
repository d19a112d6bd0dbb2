import type { KeyboardEvent } from "react";
import { GROUPS } from "#app/conversation/message/emoji.ts";
import { Dialog } from "#app/ui/Dialog.tsx";

interface Props {
  readonly onChoose: (emoji: string) => void;
  readonly onClose: () => void;
}

const COLUMNS = 8;

/** How far each key leads, in emoji. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -COLUMNS,
  ArrowDown: COLUMNS,
};

export function EmojiChoice({ onChoose, onClose }: Props) {
  return (
    <Dialog title="React with" onClose={onClose}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the buttons inside. */}
      <div onKeyDown={walk} className="-mx-2 flex flex-col gap-3">
        {GROUPS.map(({ title, emoji }) => (
          <section key={title} aria-label={title}>
            <h3 className="mb-1 px-2 text-xs font-semibold text-soft">{title}</h3>
            <div className="grid grid-cols-8">
              {emoji.map((one) => (
                <button
                  key={one}
                  type="button"
                  aria-label={`React with ${one}`}
                  onClick={() => onChoose(one)}
                  className="h-10 rounded-lg text-xl hover:bg-hover"
                >
                  {one}
                </button>
              ))}
            </div>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key];
  if (step === undefined) return;
  const buttons: Element[] = [...event.currentTarget.querySelectorAll("button")];
  const at = document.activeElement ? buttons.indexOf(document.activeElement) : -1;
  const next = buttons[at + step];
  if (next instanceof HTMLElement) next.focus();
  event.preventDefault();
}
