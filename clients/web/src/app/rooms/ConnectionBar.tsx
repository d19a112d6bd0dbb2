import { useEffect, useState } from "react";
import { useAppState } from "#app/context.ts";
import { ConnectionStatus, Mark } from "#app/rooms/ConnectionStatus.tsx";
import type { Status } from "#protocol/notices.ts";
import { isCut } from "#state/model.ts";

/**
 * What goes and what does not while there is no connection, over the first line of what is read, so
 * that nothing moves when it comes and goes. A phone, on which the list of rooms is another page,
 * has the status itself here, always: what is announced must have been there before it changed.
 */
export function ConnectionBar() {
  const status = useAppState((state) => state.status);
  const [isShown, setIsShown] = useState(false);

  // A try in between does not take it away: it would blink with each one that fails.
  useEffect(() => {
    if (status.kind === "connected") setIsShown(false);
    if (isCut(status)) setIsShown(true);
  }, [status]);

  return (
    <div className="pointer-events-none relative z-10 h-0">
      <div className={isShown ? SHOWN : "sr-only md:hidden"}>
        <ConnectionStatus className="md:hidden" />
        {isShown && (
          <>
            <span className="hidden md:block">
              <Mark kind={status.kind} />
            </span>
            <p>
              <strong className="hidden font-semibold text-ink md:inline">
                {titleFor(status)}
              </strong>{" "}
              {adviceFor(status)}
            </p>
          </>
        )}
      </div>
    </div>
  );
}

const SHOWN =
  "pointer-events-auto flex animate-late flex-col gap-0.5 border-b border-line bg-panel px-4 py-2 text-xs text-soft shadow-float md:mx-6 md:mt-2 md:flex-row md:items-center md:gap-2 md:rounded-lg md:border";

/** A phone has the status itself in its place. */
function titleFor({ kind }: Status): string {
  if (kind === "offline") return "Offline.";
  if (kind === "connecting") return "Connecting.";
  return kind === "stopped" ? "Disconnected." : "No connection.";
}

function adviceFor(status: Status): string {
  if (status.kind !== "stopped") return ADVICE;
  return status.why === "banned"
    ? "You can read what is here, but no longer write. Ask whoever runs this server."
    : (STOPPED[status.why] ?? ADVICE);
}

const ADVICE = "What you write is kept, and sent when the connection is back.";

const STOPPED: Readonly<Record<string, string>> = {
  replaced: "Hubbub is open in too many places. Reconnect to go on here.",
  fault: "This page and the server do not understand each other. Load the page again.",
};
