import { type ReactNode, useState } from "react";
import type { Door } from "#api/door.ts";
import { EntryCard } from "#app/entry/EntryCard.tsx";
import { AliasForm } from "#app/guest/AliasForm.tsx";
import { countdownOf } from "#app/guest/countdown.ts";
import { SENTENCES, sentenceOf } from "#app/guest/refusals.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { appointmentOf } from "#app/ui/moments.ts";
import { useNow } from "#app/ui/useNow.ts";
import { type GuestVisit, stateAt, type Visit } from "#state/visit.ts";
import type { Problem } from "#wire/problem.ts";

interface Props {
  readonly visit: GuestVisit;
  readonly now: Outside;
  readonly footer: ReactNode;
}

type Outside = Extract<Visit, { phase: "outside" }>;

/** Before a guest is in: they wait, say who they are, or learn why they cannot. */
export function Doorstep({ visit, now: stand, footer }: Props) {
  const { door, alias } = stand;
  const now = useNow(visit.now, true);
  const state = stateAt(door, now);
  return (
    <EntryCard
      key={`${state} ${alias}`}
      title={door.title}
      subtitle={`With ${door.facilitator}${door.topic === "" ? "" : `: ${door.topic}`}`}
      footer={footer}
    >
      <p role="status" className="sr-only">
        {state === "open" && !door.isLocked && !door.isFull && "The room is open."}
      </p>
      {state === "scheduled" && <Waiting door={door} now={now} />}
      {state === "closed" && <Shut visit={visit}>This room has closed. {closedAt(door)}</Shut>}
      {(state === "open" || state === "read_only") && (
        <Inviting visit={visit} stand={stand} now={now} />
      )}
    </EntryCard>
  );
}

function closedAt({ closesAt }: Door): string {
  return closesAt === null ? "" : `It was open until ${appointmentOf(closesAt)}.`;
}

interface WaitingProps {
  readonly door: Door;
  readonly now: number;
}

function Waiting({ door: { opensAt, hasPassword }, now }: WaitingProps) {
  return (
    <div className="text-center">
      {opensAt === null ? (
        <p>The room is not open yet.</p>
      ) : (
        <>
          <p className="text-sm text-soft">It opens in</p>
          <p role="timer" aria-live="off" className="text-2xl font-semibold tabular-nums">
            {countdownOf(Date.parse(opensAt) - now)}
          </p>
          <p className="mt-1 text-sm text-soft">on {appointmentOf(opensAt)}</p>
        </>
      )}
      <p className="mt-5 text-sm text-soft">
        Stay on this page. When the room opens, it asks for a name
        {hasPassword && ", and for the password that came with the link"}.
      </p>
    </div>
  );
}

interface ShutProps {
  readonly visit: GuestVisit;
  readonly children: ReactNode;
}

/** Nobody comes in now; the page looks by itself too, now and then. */
function Shut({ visit, children }: ShutProps) {
  return (
    <div className="flex flex-col items-start gap-4">
      <p>{children}</p>
      <Button look="quiet" onClick={() => void visit.begin()}>
        Look again
      </Button>
    </div>
  );
}

interface InvitingProps {
  readonly visit: GuestVisit;
  readonly stand: Outside;
  readonly now: number;
}

function Inviting({ visit, stand: { door, alias, lately }, now }: InvitingProps) {
  if (alias !== null) return <GoOn visit={visit} alias={alias} />;
  if (door.isLocked) return <Shut visit={visit}>{SENTENCES.room_locked}</Shut>;
  if (door.isFull) return <Shut visit={visit}>{SENTENCES.room_full}</Shut>;
  return (
    <>
      <AliasForm visit={visit} door={door} lately={lately} />
      {door.closesAt !== null && (
        <p className="mt-4 text-sm text-soft">
          Open until {appointmentOf(door.closesAt)}
          {Date.parse(door.closesAt) - now < SOON_MS && ", so not for long"}.
        </p>
      )}
    </>
  );
}

/** From here on somebody should know before they come in. */
const SOON_MS = 5 * 60_000;

interface GoOnProps {
  readonly visit: GuestVisit;
  readonly alias: string;
}

/** This browser was here before; the one before it now may be somebody else. */
function GoOn({ visit, alias }: GoOnProps) {
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  async function go(): Promise<void> {
    setIsBusy(true);
    setProblem(await visit.goOn());
    setIsBusy(false);
  }

  return (
    <div className="flex flex-col gap-3">
      {problem && <Alert>{sentenceOf(problem)}</Alert>}
      <p>
        You were here as <bdi className="font-medium">{alias}</bdi>.
      </p>
      <Button disabled={isBusy} onClick={() => void go()}>
        Go on as {alias}
      </Button>
      <Button look="quiet" onClick={() => visit.forget()}>
        I am somebody else
      </Button>
    </div>
  );
}
