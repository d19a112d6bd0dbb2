import { useState } from "react";
import { type Reason, ReportsApi } from "#api/reports.ts";
import { REASONS } from "#app/conversation/message/reasons.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { Field } from "#app/ui/Field.tsx";
import { Radio } from "#app/ui/Radio.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useSubmission } from "#app/ui/useSubmission.ts";
import type { Message } from "#wire/shapes.ts";

interface Props {
  readonly message: Message;
  readonly onClose: () => void;
}

/** Show a message to those who look after the room. */
export function ReportDialog({ message, onClose }: Props) {
  const api = useApi(ReportsApi);
  const [reason, setReason] = useState<Reason>("spam");
  const [note, setNote] = useState("");
  const [isSent, setIsSent] = useState(false);
  const { isBusy, problem, run } = useAttempt(async () => {
    await api.report(message.id, reason, note.trim());
    setIsSent(true);
  });
  const { onSubmit } = useSubmission(run);
  if (isSent) {
    return (
      <Dialog title="Thank you" onClose={onClose}>
        <p role="status" className="text-soft">
          Those who look after this room will see the message, and who reported it.
        </p>
        <Button className="mt-5 w-full" onClick={onClose}>
          Close
        </Button>
      </Dialog>
    );
  }
  return (
    <Dialog title="Report this message" onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {problem && <Alert>{problem.message}</Alert>}
        <Radio
          legend={`What is wrong with the message of ${message.author.name}`}
          name="reason"
          value={reason}
          choices={REASONS}
          onChange={setReason}
        />
        <Field
          label="Note"
          hint="Optional: what they should know."
          maxLength={1_000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
        <Button type="submit" disabled={isBusy}>
          Report
        </Button>
      </form>
    </Dialog>
  );
}
