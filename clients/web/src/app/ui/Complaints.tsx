import { useEffect, useState } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { IconButton } from "#app/ui/IconButton.tsx";
import type { Complaint } from "#state/model.ts";

/** Long enough to read it twice. */
const SHOWN_MS = 10_000;

/** What did not work, below the head of the page: where one writes stays free. */
export function Complaints() {
  const complaints = useAppState((state) => state.complaints);
  return (
    <div className="pointer-events-none fixed inset-x-3 top-[calc(env(safe-area-inset-top)+4.25rem)] z-30 flex flex-col items-center gap-2 md:right-4 md:left-auto md:items-end">
      {complaints.map((complaint) => (
        <Toast key={complaint.id} complaint={complaint} />
      ))}
    </div>
  );
}

/** It goes by itself, but not while somebody is at it. */
function Toast({ complaint: { id, sentence } }: { readonly complaint: Complaint }) {
  const app = useApp();
  const [isHeld, setIsHeld] = useState(false);

  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => app.dismissComplaint(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [app, id, isHeld]);

  return (
    <div
      role="alert"
      onMouseEnter={() => setIsHeld(true)}
      onMouseLeave={() => setIsHeld(false)}
      onFocus={() => setIsHeld(true)}
      onBlur={() => setIsHeld(false)}
      className="pointer-events-auto flex w-fit max-w-md animate-appear items-center gap-2 rounded-xl bg-ink py-1.5 pr-1.5 pl-4 text-sm text-page shadow-float"
    >
      <p className="py-1">{sentence}</p>
      <IconButton
        icon="close"
        label="Dismiss"
        className="text-page! hover:bg-page/15"
        onClick={() => app.dismissComplaint(id)}
      />
    </div>
  );
}
