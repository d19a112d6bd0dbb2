import { useState } from "react";
import { copy } from "#app/conversation/text/clipboard.ts";
import { Button } from "#app/ui/Button.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { Saved } from "#app/ui/Saved.tsx";
import { saveFile } from "#app/ui/save.ts";

interface Props {
  readonly codes: readonly string[];
  readonly onClose: () => void;
}

/** Recovery codes, at the only time that they are shown; closed on purpose only. */
export function CodeSheet({ codes, onClose }: Props) {
  const [said, setSaid] = useState("");

  async function copyAll(): Promise<void> {
    setSaid((await copy(codes.join("\n"))) ? "Copied." : "It could not be copied.");
  }

  function save(): void {
    const lines = [`Recovery codes for ${window.location.host}`, "Each works once.", "", ...codes];
    saveFile("hubbub-recovery-codes.txt", new Blob([`${lines.join("\n")}\n`]));
    setSaid("Saved as a file.");
  }

  return (
    <Dialog title="Your recovery codes" onClose={onClose} isFirm>
      <p className="text-sm text-soft">
        When your phone or key is not at hand, each of these lets you in once. Keep them where you
        keep what is dear: they are not shown again.
      </p>
      <ul
        aria-label="Recovery codes"
        className="my-4 grid gap-x-4 gap-y-1.5 whitespace-nowrap min-[27rem]:grid-cols-2 rounded-xl border border-line bg-raised p-4 text-center font-mono text-sm"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button look="quiet" className="grow" onClick={() => void copyAll()}>
          Copy
        </Button>
        <Button look="quiet" className="grow" onClick={save}>
          Download
        </Button>
      </div>
      <Saved>{said}</Saved>
      <Button className="mt-2 w-full" onClick={onClose}>
        I have kept them
      </Button>
    </Dialog>
  );
}
