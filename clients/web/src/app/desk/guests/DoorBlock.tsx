import { useState } from "react";
import { DeskApi, type KeptRoom, type RoomWish } from "#api/desk.ts";
import { Block } from "#app/settings/Block.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Check } from "#app/ui/Check.tsx";
import { Field } from "#app/ui/Field.tsx";
import { momentOf } from "#app/ui/moments.ts";
import { Saved } from "#app/ui/Saved.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useSubmission } from "#app/ui/useSubmission.ts";
import { VERBATIM } from "#app/ui/verbatim.ts";

interface Props {
  readonly kept: KeptRoom;
  readonly onChange: (kept: KeptRoom) => void;
}

/** Who is let in from now on; nobody who is in is put out by it. */
export function DoorBlock({ kept, onChange }: Props) {
  const api = useApi(DeskApi);
  const [said, setSaid] = useState("");
  const { isBusy, problem, run } = useAttempt(async (wish: RoomWish) => {
    setSaid("");
    onChange(await api.change(kept.room.id, wish));
    setSaid("Saved.");
  });
  return (
    <Block title="Door">
      {problem && Object.keys(problem.fields).length === 0 && <Alert>{problem.message}</Alert>}
      {kept.lockedUntil !== null && (
        <p className="mb-2 rounded-lg bg-accent-soft px-3.5 py-2.5 text-sm">
          Many came at once, so the door has shut by itself until {momentOf(kept.lockedUntil)}.
        </p>
      )}
      <Check
        label="Lock the door"
        hint="Nobody more comes in. Who is in stays."
        isOn={kept.isLocked}
        isDisabled={isBusy}
        onChange={(isLocked) => void run({ is_locked: isLocked })}
      />
      {kept.hasPassword !== null && (
        <Password
          hasOne={kept.hasPassword}
          fault={problem?.fields.password}
          onSave={(password) => run({ password })}
        />
      )}
      <Saved>{said}</Saved>
    </Block>
  );
}

interface PasswordProps {
  readonly hasOne: boolean;
  readonly fault: string | undefined;
  readonly onSave: (password: string | null) => Promise<boolean>;
}

function Password({ hasOne, fault, onSave }: PasswordProps) {
  const [password, setPassword] = useState("");
  const { isBusy, onSubmit } = useSubmission(async () => {
    if (await onSave(password)) setPassword("");
  });
  return (
    <form onSubmit={onSubmit} className="mt-3 flex flex-wrap items-end gap-2">
      <Field
        label={hasOne ? "Another password" : "Password"}
        className="grow basis-48"
        {...VERBATIM}
        required
        minLength={4}
        value={password}
        fault={fault}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" look="quiet" className="min-h-11" disabled={isBusy}>
        {hasOne ? "Change it" : "Set it"}
      </Button>
      {hasOne && (
        <Button look="quiet" className="min-h-11" onClick={() => void onSave(null)}>
          Take it away
        </Button>
      )}
    </form>
  );
}
