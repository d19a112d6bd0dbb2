import { useRef, useState } from "react";
import type { Door } from "#api/door.ts";
import { anotherAlias, sentenceOf } from "#app/guest/refusals.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Field } from "#app/ui/Field.tsx";
import { PasswordField } from "#app/ui/PasswordField.tsx";
import { useSubmission } from "#app/ui/useSubmission.ts";
import type { GuestVisit } from "#state/visit.ts";
import type { Problem } from "#wire/problem.ts";

interface Props {
  readonly visit: GuestVisit;
  readonly door: Door;
  /** What they were called when they were in before; empty for nothing. */
  readonly lately: string;
}

/** Why somebody was not let in, and by what name they came. */
interface Refusal {
  readonly alias: string;
  readonly problem: Problem;
}

/** All that lies between a link and the first message. */
export function AliasForm({ visit, door, lately }: Props) {
  const [alias, setAlias] = useState(lately);
  const [password, setPassword] = useState("");
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  /** Sent instead of what is written, by the button that offers it. */
  const proposed = useRef<string | null>(null);
  const { isBusy, onSubmit } = useSubmission(async () => {
    const name = proposed.current ?? alias.trim();
    setAlias(name);
    const problem = await visit.enter(name, password);
    setRefusal(problem && { alias: name, problem });
  });
  const problem = refusal?.problem ?? null;
  const fault = faultIn(problem);
  const isWrong = problem?.code === "invalid_password";
  // What was said of one name says nothing of the next.
  const isSame = refusal?.alias === alias.trim();
  const other = isSame && fault !== undefined ? otherThan(refusal, door) : null;

  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      {problem && fault === undefined && !isWrong && <Alert>{sentenceOf(problem)}</Alert>}
      <Field
        label="Your name"
        hint="As the others see you. You need no account."
        autoComplete="nickname"
        maxLength={40}
        required
        value={alias}
        fault={isSame ? fault : undefined}
        onChange={(event) => setAlias(event.target.value)}
      />
      {other !== null && (
        <Button
          look="quiet"
          className="self-start"
          disabled={isBusy}
          onClick={({ currentTarget }) => {
            proposed.current = other;
            currentTarget.form?.requestSubmit();
            proposed.current = null;
          }}
        >
          <span>
            Come in as <bdi>{other}</bdi>
          </span>
        </Button>
      )}
      {door.hasPassword && (
        <PasswordField
          label="Password"
          hint="You have it from whoever sent you the link."
          autoComplete="off"
          required
          value={password}
          fault={isWrong ? sentenceOf(problem) : undefined}
          onChange={(event) => setPassword(event.target.value)}
        />
      )}
      <Button type="submit" disabled={isBusy}>
        {isBusy ? "Coming in" : "Come in"}
      </Button>
    </form>
  );
}

function faultIn(problem: Problem | null): string | undefined {
  if (problem?.code === "alias_taken") return "Somebody in the room is called so, or nearly so.";
  return problem?.fields.alias;
}

/** A free name near one that is taken; nobody is invited to be nearly the facilitator. */
function otherThan({ alias, problem }: Refusal, { facilitator }: Door): string | null {
  if (problem.code !== "alias_taken") return null;
  const isHost = alias.toLocaleLowerCase() === facilitator.toLocaleLowerCase();
  return isHost ? null : anotherAlias(alias);
}
