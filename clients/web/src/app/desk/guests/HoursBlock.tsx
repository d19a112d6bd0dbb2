import { useState } from "react";
import { DeskApi, type KeptRoom, type RoomWish } from "#api/desk.ts";
import { HoursDialog } from "#app/desk/guests/HoursDialog.tsx";
import { Block } from "#app/settings/Block.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { appointmentOf } from "#app/ui/moments.ts";
import { Question } from "#app/ui/Question.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useServerTime } from "#app/ui/useServerTime.ts";
import type { Room } from "#wire/shapes.ts";

interface Props {
  readonly kept: KeptRoom;
  readonly onChange: (kept: KeptRoom) => void;
}

const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 3_600_000;

/** From when until when the room is open; more time is one press away. */
export function HoursBlock({ kept, onChange }: Props) {
  const { room } = kept;
  const api = useApi(DeskApi);
  const now = useServerTime();
  const [opened, setOpened] = useState<"hours" | "close" | null>(null);
  const { isBusy, problem, run } = useAttempt(async (wish: RoomWish) =>
    onChange(await api.change(room.id, wish)),
  );
  const isOpen = room.state === "open" || room.state === "read_only";
  return (
    <Block title="Hours" hint={<p role="status">{sentenceOf(room)}</p>}>
      {problem && <Alert>{problem.message}</Alert>}
      <div className="flex flex-wrap gap-2">
        {isOpen && room.closes_at !== null && (
          <Button
            disabled={isBusy}
            onClick={() => void run({ closes_at: later(room.closes_at, QUARTER_MS, now()) })}
          >
            15 minutes more
          </Button>
        )}
        {room.state === "scheduled" && (
          <Button disabled={isBusy} onClick={() => void run({ state: "open" })}>
            Open now
          </Button>
        )}
        {room.state === "closed" && !kept.isArchived && (
          <Button
            disabled={isBusy}
            onClick={() => void run({ closes_at: later(null, HOUR_MS, now()) })}
          >
            Open again for one hour
          </Button>
        )}
        <Button look="quiet" onClick={() => setOpened("hours")}>
          Set the times
        </Button>
        {isOpen && (
          <Button look="quiet" onClick={() => setOpened("close")}>
            Close now
          </Button>
        )}
      </div>
      {opened === "hours" && (
        <HoursDialog room={room} onChange={onChange} onClose={() => setOpened(null)} />
      )}
      {opened === "close" && (
        <Question
          title="Close this room now?"
          yes="Close it"
          no="Leave it open"
          onYes={async () => onChange(await api.change(room.id, { state: "closed" }))}
          onClose={() => setOpened(null)}
        >
          Guests can write no more, and nobody comes in. What was said stays readable for those who
          have the page open.
        </Question>
      )}
    </Block>
  );
}

/** So long after a time, or after `now` (ms) where that is later. */
function later(time: string | null, ms: number, now: number): string {
  const start = Math.max(now, time === null ? 0 : Date.parse(time));
  return new Date(start + ms).toISOString();
}

function sentenceOf({ state, opens_at, closes_at }: Room): string {
  const until = closes_at === null ? "" : ` until ${appointmentOf(closes_at)}`;
  if (state === "scheduled") {
    return opens_at === null
      ? "Not open yet."
      : `Opens on ${appointmentOf(opens_at)}, open${until}.`;
  }
  if (state === "closed")
    return `Closed${closes_at === null ? "" : `, ${appointmentOf(closes_at)}`}.`;
  return `Open${until || " until you close it"}.`;
}
