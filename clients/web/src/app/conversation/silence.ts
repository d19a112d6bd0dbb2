import { momentOf } from "#app/ui/moments.ts";
import { useNow } from "#app/ui/useNow.ts";
import { useServerTime } from "#app/ui/useServerTime.ts";
import type { Mute } from "#state/model.ts";
import type { Room } from "#wire/shapes.ts";

/** Why the reader does not write in a room now, as long as that is so; null if they may. */
export function useSilence(room: Room | null, mute: Mute | null): string | null {
  const now = useNow(useServerTime(), typeof mute?.until === "string");
  if (room === null) return null;
  return silenceIn(room) ?? silenceOf(mute, now);
}

function silenceIn({ state, role, opens_at }: Room): string | null {
  if (state === "scheduled") {
    return opens_at === null
      ? "This room is not open yet."
      : `This room opens on ${momentOf(opens_at)}.`;
  }
  if (state === "closed") return "This room is closed. What was said can still be read.";
  const isHost = role === "owner" || role === "admin";
  return state === "read_only" && !isHost ? "Only its owner and admins write in this room." : null;
}

function silenceOf(mute: Mute | null, now: number): string | null {
  if (mute === null) return null;
  if (mute.until === null) return "You are muted: you can read, and not write.";
  if (Date.parse(mute.until) <= now) return null;
  return `You are muted until ${momentOf(mute.until)}: you can read, and not write.`;
}
