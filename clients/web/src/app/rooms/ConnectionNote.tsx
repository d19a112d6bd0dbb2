import { useAppState } from "#app/context.ts";
import type { Status } from "#protocol/notices.ts";

/**
 * What is not as usual though there is a connection: said once, in its place, and no reason to do
 * anything. It stands there empty otherwise: what is announced must have been there before.
 */
export function ConnectionNote() {
  const note = useAppState(({ status }) => noteOn(status));
  return (
    <p role="status" className={note === "" ? "" : "px-2 pt-1 text-xs text-balance text-soft"}>
      {note}
    </p>
  );
}

function noteOn(status: Status): string {
  if (status.kind !== "connected") return "";
  if (status.way === "polls") return BLOCKED;
  return status.isBusy ? BUSY : "";
}

const BLOCKED = "This network blocks live connections: messages come a little later.";
const BUSY = "The server is busy: who is online may not be up to date.";
