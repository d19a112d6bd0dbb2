import { appointmentOf, momentOf } from "#app/ui/moments.ts";
import { useNow } from "#app/ui/useNow.ts";
import { useServerTime } from "#app/ui/useServerTime.ts";
import type { Mute, Room } from "#wire/shapes.ts";

/** Why the reader does not write in a room now, as long as that is so; null if they may. */
export function useSilence(room: Room | null, mute: Mute | null): string | null {
  const now = useNow(useServerTime(), typeof mute?.until === "string");
  if (room === null) return null;
  return silenceIn(room) ?? silenceOf(mute, now);
}

/** How long the reader waits after each message of theirs, in seconds. */
export function paceOf({ role, slow_mode_s }: Room): number {
  return isHost(role) ? 0 : slow_mode_s;
}

function isHost(role: Room["role"]): boolean {
  return role === "owner" || role === "admin";
}

function silenceIn({ state, role, opens_at }: Room): string | null {
  if (state === "scheduled") {
    return opens_at === null
      ? "This room is not open yet."
      : `This room opens on ${appointmentOf(opens_at)}.`;
  }
  if (state === "closed") return "This room is closed. What was said can still be read.";
  return state === "read_only" && !isHost(role)
    ? "Only its owner and admins write in this room."
    : null;
}

/** Whether somebody is muted at a moment of the server's clock, in ms. */
export function holds(mute: Mute | null, now: number): mute is Mute {
  return mute !== null && (mute.until === null || now < Date.parse(mute.until));
}

function silenceOf(mute: Mute | null, now: number): string | null {
  if (!holds(mute, now)) return null;
  if (mute.until === null) return "You are muted: you can read, and not write.";
  return `You are muted until ${momentOf(mute.until)}: you can read, and not write.`;
}
