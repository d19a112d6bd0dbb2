import { useEffect } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { IconButton } from "#app/ui/IconButton.tsx";

/** Long enough to read it twice. */
const SHOWN_MS = 10_000;

/** A sentence about something that did not work, at the foot of the page. */
export function Complaint() {
  const app = useApp();
  const complaint = useAppState((state) => state.complaint);

  useEffect(() => {
    if (complaint === null) return;
    const timer = setTimeout(() => app.dismissComplaint(), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [app, complaint]);

  if (complaint === null) return null;
  return (
    <div
      role="alert"
      className="fixed inset-x-4 bottom-24 z-20 mx-auto flex w-fit max-w-md items-center gap-2 rounded-xl bg-ink py-1.5 pr-1.5 pl-4 text-sm text-page shadow-float"
    >
      {complaint}
      <IconButton
        icon="close"
        label="Dismiss"
        className="text-page hover:bg-transparent hover:text-page"
        onClick={() => app.dismissComplaint()}
      />
    </div>
  );
}
