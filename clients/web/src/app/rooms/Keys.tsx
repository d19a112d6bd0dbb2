import { Dialog } from "#app/ui/Dialog.tsx";

interface Props {
  readonly onClose: () => void;
}

const KEYS: readonly (readonly [string, string])[] = [
  ["Ctrl K", "Jump to a room or a person"],
  ["Enter", "Send"],
  ["Shift Enter", "New line"],
  ["Tab", "From message to message and through their buttons"],
  ["Escape", "Close what is in front"],
  ["?", "This list"],
];

/** The keys that a page cannot show where they work. */
export function Keys({ onClose }: Props) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl className="flex flex-col divide-y divide-line">
        {KEYS.map(([keys, what]) => (
          <div key={keys} className="flex items-center justify-between gap-6 py-2.5">
            <dt className="flex shrink-0 gap-1 order-last">
              {keys.split(" ").map((key) => (
                <kbd
                  key={key}
                  className="rounded-md border border-line bg-raised px-2 py-0.5 font-sans text-xs"
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd className="text-sm text-soft">{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
