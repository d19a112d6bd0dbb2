import { useState } from "react";
import type { DeskProps } from "#app/desk/desk.ts";
import { LockCheck } from "#app/desk/LockCheck.tsx";
import { useRoomChange } from "#app/desk/useRoomChange.ts";
import { Block } from "#app/settings/Block.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Check } from "#app/ui/Check.tsx";
import { Field } from "#app/ui/Field.tsx";
import { Saved } from "#app/ui/Saved.tsx";
import { Select } from "#app/ui/Select.tsx";
import { useSubmission } from "#app/ui/useSubmission.ts";

/** Seconds between two messages of one person. */
const PACES = [
  ["0", "No"],
  ["5", "5 seconds"],
  ["15", "15 seconds"],
  ["60", "A minute"],
  ["300", "5 minutes"],
  ["3600", "An hour"],
] as const;

/** Who writes, how often, and how many come in. */
export function RulesBlock(desk: DeskProps) {
  const { kept } = desk;
  const { room } = kept;
  const { isBusy, problem, said, run } = useRoomChange(desk);
  const isOpen = room.state === "open" || room.state === "read_only";
  const pace = String(room.slow_mode_s);
  const paces = PACES.some(([known]) => known === pace)
    ? PACES
    : [...PACES, [pace, `${pace} seconds`] as const];
  return (
    <Block title="What goes here">
      {problem && Object.keys(problem.fields).length === 0 && <Alert>{problem.message}</Alert>}
      <div className="flex max-w-md flex-col gap-4">
        <Check
          label="Read-only"
          hint="Only its owner and admins write."
          isOn={room.state === "read_only"}
          isDisabled={isBusy || !isOpen}
          onChange={(isOn) => void run({ state: isOn ? "read_only" : "open" })}
        />
        {room.kind !== "guest" && (
          <LockCheck
            isLocked={kept.isLocked}
            isBusy={isBusy}
            onChange={(isLocked) => void run({ is_locked: isLocked })}
          />
        )}
        <Select<string>
          label="Wait between two messages"
          value={pace}
          choices={paces}
          onChange={(chosen) => void run({ slow_mode_s: Number(chosen) })}
        />
        <Most
          most={kept.mostMembers}
          fault={problem?.fields.max_members}
          onSave={(most) => run({ max_members: most })}
        />
        <Saved>{said}</Saved>
      </div>
    </Block>
  );
}

interface MostProps {
  readonly most: number | null;
  readonly fault: string | undefined;
  readonly onSave: (most: number | null) => Promise<boolean>;
}

function Most({ most, fault, onSave }: MostProps) {
  const [value, setValue] = useState(most === null ? "" : String(most));
  const { isBusy, onSubmit } = useSubmission(async () => {
    await onSave(value === "" ? null : Number(value));
  });
  return (
    <form onSubmit={onSubmit} className="flex flex-wrap items-start gap-2">
      <Field
        label="Most members"
        type="number"
        min={2}
        className="grow basis-48"
        hint="Empty: as many as this server takes."
        value={value}
        fault={fault}
        onChange={(event) => setValue(event.target.value)}
      />
      <Button type="submit" look="quiet" className="mt-6.5 min-h-11" disabled={isBusy}>
        Save
      </Button>
    </form>
  );
}
