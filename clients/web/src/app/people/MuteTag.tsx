import { holds } from "#app/conversation/silence.ts";
import { Tag } from "#app/settings/Items.tsx";
import { momentOf } from "#app/ui/moments.ts";
import { useNow } from "#app/ui/useNow.ts";
import { useServerTime } from "#app/ui/useServerTime.ts";
import type { Mute } from "#wire/shapes.ts";

interface Props {
  readonly mute: Mute | null;
}

/** Says beside a name that somebody is muted, as long as they are. */
export function MuteTag({ mute }: Props) {
  const until = mute?.until ?? null;
  const now = useNow(useServerTime(), until !== null);
  if (!holds(mute, now)) return null;
  return <Tag>{until === null ? "Muted" : `Muted until ${momentOf(until)}`}</Tag>;
}
