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
    <div
      className={`flex flex-wrap items-center gap-x-2 text-xs whitespace-nowrap text-soft ${className}`}
    >
      <p role="status" className="flex min-w-0 items-center gap-1.5">
        <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${dotOf(status)}`} />
        <span className="truncate">{wordsFor(status)}</span>
        {status.kind === "reconnecting" && <Countdown until={status.retryAt} />}
      </p>
      {mayHurry && (
        <button
          type="button"
          className="shrink-0 font-medium text-accent hover:underline"
          onClick={() => app.hurry()}
        >
          {status.kind === "stopped" ? "Reconnect" : "Now"}
        </button>
      )}
    </div>
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

function dotOf({ kind }: Status): string {
  if (kind === "connected") return "bg-here";
  if (kind === "offline" || kind === "stopped") return "bg-danger";
  return "animate-pulse bg-busy";
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
