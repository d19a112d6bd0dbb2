import { useState } from "react";
import { EntryApi } from "#api/entry.ts";
import { problemIn } from "#api/http.ts";
import { useApp } from "#app/context.ts";
import { Button } from "#app/ui/Button.tsx";

interface Props {
  readonly email: string;
}

/** For those to whom no mail has come. */
export function SendAgain({ email }: Props) {
  const { ask } = useApp();
  const [said, setSaid] = useState("");
  const [isBusy, setIsBusy] = useState(false);

  async function send(): Promise<void> {
    setIsBusy(true);
    try {
      await new EntryApi(ask).resend(email);
      setSaid("Sent again. It may take a minute; look into the spam folder too.");
    } catch (error) {
      setSaid(problemIn(error).message);
    }
    setIsBusy(false);
  }

  return (
    <div className="flex flex-col items-start gap-2">
      <Button look="quiet" disabled={isBusy} onClick={() => void send()}>
        Send the mail again
      </Button>
      <p role="status" className="text-sm text-soft">
        {said}
      </p>
    </div>
  );
}
