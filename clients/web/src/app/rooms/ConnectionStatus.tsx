import { useEffect, useState } from "react";
import { useApp, useAppState } from "#app/context.ts";
import type { StopReason } from "#protocol/closes.ts";
import type { Status } from "#protocol/notices.ts";

interface Props {
  readonly className?: string;
}

/** How we stand with the server; with a way to try at once where that may help. */
export function ConnectionStatus({ className = "" }: Props) {
  const app = useApp();
  const status = useAppState((state) => state.status);
  const mayHurry = status.kind === "reconnecting" || status.kind === "stopped";
  return (
    <div className={`flex items-center gap-x-2 text-xs whitespace-nowrap text-soft ${className}`}>
      <p role="status" className="flex min-w-0 items-center gap-1.5">
        <Mark kind={status.kind} />
        <span className="truncate">{wordsFor(status)}</span>
        {status.kind === "reconnecting" && <Countdown until={status.retryAt} />}
      </p>
      {mayHurry && (
        <button
          type="button"
          className="relative shrink-0 rounded font-medium text-accent after:absolute after:-inset-x-2 after:-inset-y-3 hover:underline"
          onClick={() => app.hurry()}
        >
          {status.kind === "stopped" ? "Reconnect" : "Now"}
        </button>
      )}
    </div>
  );
}

/**
 * A ring while it is tried, crossed out while nothing goes. Nothing while all is well: a green dot
 * would look like the one that says how the reader is seen.
 */
export function Mark({ kind }: { readonly kind: Status["kind"] }) {
  if (kind === "connected") return null;
  const isLost = kind === "offline" || kind === "stopped";
  const ring = isLost ? "stroke-danger" : "stroke-busy";
  return (
    <svg viewBox="0 0 10 10" className="size-2.5 shrink-0" fill="none" aria-hidden="true">
      <circle cx="5" cy="5" r="3.75" strokeWidth="1.5" className={ring} />
      {isLost && <path d="M2.5 7.5l5-5" strokeWidth="1.5" className={ring} />}
    </svg>
  );
}

/** Seconds that pass are for the eye only; read out loud they would drown everything else. */
function Countdown({ until }: { readonly until: number }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.ceil((until - now) / 1_000));
  return (
    <span aria-hidden="true" className="tabular-nums">
      in {seconds} s
    </span>
  );
}

function wordsFor(status: Status): string {
  switch (status.kind) {
    case "connected":
      return "Connected";
    case "reconnecting":
      return "Reconnecting";
    case "offline":
      return "Offline";
    case "stopped":
      return STOPPED[status.why];
    default:
      return "Connecting";
  }
}

const STOPPED: Readonly<Record<StopReason, string>> = {
  closed: "Disconnected",
  replaced: "Used elsewhere",
  banned: "Account blocked",
  fault: "Disconnected",
};
