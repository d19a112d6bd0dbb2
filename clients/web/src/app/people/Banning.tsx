import { useCallback, useState } from "react";
import { MembersApi } from "#api/members.ts";
import { endOf, LENGTHS, type Length } from "#app/people/lengths.ts";
import type { ModeratingProps } from "#app/people/Moderating.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Field } from "#app/ui/Field.tsx";
import { Select } from "#app/ui/Select.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useServerTime } from "#app/ui/useServerTime.ts";
import { useSubmission } from "#app/ui/useSubmission.ts";

/** Who is banned is put out, and does not come in again. */
export function Banning({ person, roomId, onDone }: ModeratingProps) {
  const api = useApi(MembersApi);
  const now = useServerTime();
  const [isAsked, setIsAsked] = useState(false);
  const [length, setLength] = useState<Length>("");
  const [reason, setReason] = useState("");
  const { isBusy, problem, run } = useAttempt(async () => {
    const until = endOf(length, now());
    await api.sanction("bans", roomId, person.id, until, reason.trim());
    onDone();
  });
  const { onSubmit } = useSubmission(run);
  // The button that asked is gone, and the focus with it.
  const toFirst = useCallback((form: HTMLFormElement | null) => {
    form?.querySelector("select")?.focus();
  }, []);
  if (!isAsked) {
    return (
      <Button look="quiet" className="self-start" onClick={() => setIsAsked(true)}>
        Ban from this room
      </Button>
    );
  }
  return (
    <form
      ref={toFirst}
      onSubmit={onSubmit}
      className="flex flex-col gap-3 rounded-xl border border-line p-4"
    >
      {problem && <Alert>{problem.message}</Alert>}
      <p className="text-sm text-soft">
        They are put out and do not come in again
        {person.kind === "guest" ? ", not under another name either." : "."}
      </p>
      <Select label="For" value={length} choices={LENGTHS} onChange={setLength} />
      <Field
        label="Reason"
        hint="Optional, for those who look after this room."
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <Button type="submit" look="danger" disabled={isBusy}>
        Ban {person.name}
      </Button>
    </form>
  );
}
