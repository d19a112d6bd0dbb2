import { useState } from "react";
import type { KeptRoom } from "#api/desk.ts";
import { useRoomChange } from "#app/desk/useRoomChange.ts";
import { PURGES } from "#app/rooms/hours.ts";
import { Block } from "#app/settings/Block.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { momentOf } from "#app/ui/moments.ts";
import { Question } from "#app/ui/Question.tsx";
import { Saved } from "#app/ui/Saved.tsx";
import { Select } from "#app/ui/Select.tsx";
import { spanOf } from "#app/ui/spans.ts";
import { useServerTime } from "#app/ui/useServerTime.ts";
import type { Room } from "#wire/shapes.ts";

interface Props {
  readonly kept: KeptRoom;
  readonly onChange: (kept: KeptRoom) => void;
}

/** How long the room stays after it closes. */
export function PurgeBlock(props: Props) {
  const { room, purgeAfterS } = props.kept;
  const now = useServerTime();
  /** What would remove it now, until that is confirmed. */
  const [asked, setAsked] = useState<number | null>(null);
  const { problem, said, change, run } = useRoomChange(props);

  function choose(value: string): void {
    const afterS = value === "" ? null : Number(value);
    if (isDue(room, afterS, now())) setAsked(afterS);
    else void run({ purge_after_s: afterS });
  }

  return (
    <Block title="The end" hint={sentenceOf(props.kept)}>
      {problem && <Alert>{problem.message}</Alert>}
      <Select<string>
        label="When it is over"
        hint="At once is the earliest, a year later the latest."
        className="max-w-md"
        value={String(purgeAfterS ?? "")}
        choices={choicesWith(purgeAfterS)}
        onChange={choose}
      />
      <Saved>{said}</Saved>
      {asked !== null && (
        <Question
          title="Remove this room now?"
          yes="Remove it"
          no="Leave it as it is"
          onYes={() => change({ purge_after_s: asked })}
          onClose={() => setAsked(null)}
        >
          It has been closed for longer than that, so it is removed at once and for good, with all
          that was said in it. Take the transcript before.
        </Question>
      )}
    </Block>
  );
}

/** Others than these are set by programs. */
function choicesWith(afterS: number | null): readonly (readonly [string, string])[] {
  const value = String(afterS ?? "");
  if (afterS === null || PURGES.some(([known]) => known === value)) return PURGES;
  return [...PURGES, [value, `Remove it ${spanOf(afterS)} later`]];
}

/** `now` in ms. */
function isDue({ state, closes_at }: Room, afterS: number | null, now: number): boolean {
  if (state !== "closed" || closes_at === null || afterS === null) return false;
  return Date.parse(closes_at) + afterS * 1_000 <= now;
}

function sentenceOf({ purgeAt, purgeAfterS }: KeptRoom): string {
  if (purgeAt !== null) {
    return `It is removed for good on ${momentOf(purgeAt)}, with all that was said in it.`;
  }
  if (purgeAfterS === null) return "It stays until somebody deletes it.";
  const when = purgeAfterS === 0 ? "as soon as" : `${spanOf(purgeAfterS)} after`;
  return `It is removed for good ${when} it has closed, with all that was said in it.`;
}
