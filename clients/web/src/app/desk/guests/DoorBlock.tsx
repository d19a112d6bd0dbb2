import { useState } from "react";
import type { DeskProps } from "#app/desk/desk.ts";
import { LockCheck } from "#app/desk/LockCheck.tsx";
import { useRoomChange } from "#app/desk/useRoomChange.ts";
import { Block } from "#app/settings/Block.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Field } from "#app/ui/Field.tsx";
import { momentOf } from "#app/ui/moments.ts";
import { Saved } from "#app/ui/Saved.tsx";
import { useSubmission } from "#app/ui/useSubmission.ts";
import { VERBATIM } from "#app/ui/verbatim.ts";

/** Who is let in from now on; nobody who is in is put out by it. */
export function DoorBlock(desk: Pick<DeskProps, "kept" | "onChange">) {
  const { kept } = desk;
  const { isBusy, problem, said, run } = useRoomChange(desk);
  return (
    <Block title="Door">
      {problem && Object.keys(problem.fields).length === 0 && <Alert>{problem.message}</Alert>}
      {kept.lockedUntil !== null && (
        <p className="mb-2 rounded-lg bg-accent-soft px-3.5 py-2.5 text-sm">
          Many came at once, so the door has shut by itself until {momentOf(kept.lockedUntil)}.
        </p>
      )}
      <LockCheck
        isLocked={kept.isLocked}
        isBusy={isBusy}
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
