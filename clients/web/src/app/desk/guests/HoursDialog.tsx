import { useState } from "react";
import { DeskApi, type KeptRoom } from "#api/desk.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { Field } from "#app/ui/Field.tsx";
import { fromInput, toInput } from "#app/ui/moments.ts";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useSubmission } from "#app/ui/useSubmission.ts";
import type { Room } from "#wire/shapes.ts";

interface Props {
  readonly room: Room;
  readonly onChange: (kept: KeptRoom) => void;
  readonly onClose: () => void;
}

export function HoursDialog({ room, onChange, onClose }: Props) {
  const api = useApi(DeskApi);
  const [opens, setOpens] = useState(toInput(room.opens_at));
  const [closes, setCloses] = useState(toInput(room.closes_at));
  const { isBusy, problem, run } = useAttempt(async () => {
    const wish = { opens_at: fromInput(opens), closes_at: fromInput(closes) };
    onChange(await api.change(room.id, wish));
    onClose();
  });
  const { onSubmit } = useSubmission(run);
  return (
    <Dialog title="Set the times" onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {problem && Object.keys(problem.fields).length === 0 && <Alert>{problem.message}</Alert>}
        <Field
          label="Opens"
          type="datetime-local"
          hint="Empty: it is open at once."
          value={opens}
          fault={problem?.fields.opens_at}
          onChange={(event) => setOpens(event.target.value)}
        />
        <Field
          label="Closes"
          type="datetime-local"
          hint="Empty: until you close it."
          value={closes}
          fault={problem?.fields.closes_at}
          onChange={(event) => setCloses(event.target.value)}
        />
        <Button type="submit" disabled={isBusy}>
          Save
        </Button>
      </form>
    </Dialog>
  );
}
