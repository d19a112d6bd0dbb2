import { countdownOf } from "#app/guest/countdown.ts";
import { useNow } from "#app/ui/useNow.ts";

interface Props {
  /** RFC 3339: when the room closes; null where that is not said. */
  readonly until: string | null;
  readonly topic: string;
  /** The server's, in ms. */
  readonly clock: () => number;
}

/** For how long a room is open still, and what it is about. */
export function TimeAndTopic({ until, topic, clock }: Props) {
  return (
    <p className="truncate text-sm text-soft">
      {until !== null && <Left until={until} clock={clock} />}
      {until !== null && topic !== "" && " · "}
      {topic}
    </p>
  );
}

interface LeftProps {
  readonly until: string;
  readonly clock: () => number;
}

/** Before the end minutes are enough: seconds that run draw the eye. */
const END_MS = 2 * 60_000;
const MINUTE_MS = 60_000;

function Left({ until, clock }: LeftProps) {
  const left = Date.parse(until) - useNow(clock, true);
  const shown = left > END_MS ? Math.ceil(left / MINUTE_MS) * MINUTE_MS : left;
  const words = countdownOf(shown).replace(/ 0 (s|min|h)$/, "");
  return <span className="tabular-nums">{left > 0 ? `${words} left` : "Time is up"}</span>;
}
