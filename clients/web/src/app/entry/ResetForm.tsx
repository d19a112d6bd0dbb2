import { useState } from "react";
import { EntryApi } from "#api/entry.ts";
import { useApp } from "#app/context.ts";
import { Onward } from "#app/entry/Onward.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Button } from "#app/ui/Button.tsx";
import { PasswordField } from "#app/ui/PasswordField.tsx";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useSubmission } from "#app/ui/useSubmission.ts";

interface Props {
  /** What the link of the mail says. */
  readonly token: string;
}

const USED_UP = "This link was used or has expired.";

export function ResetForm({ token }: Props) {
  const { ask } = useApp();
  const [password, setPassword] = useState("");
  const [isDone, setIsDone] = useState(false);
  const { isBusy, problem, run } = useAttempt(() => new EntryApi(ask).reset(token, password));
  const { onSubmit } = useSubmission(async () => {
    setIsDone(await run());
  });

  if (isDone) {
    return (
      <div className="flex flex-col gap-5">
        <p role="status">
          Your password is changed, and you are logged out wherever you were logged in.
        </p>
        <Onward />
      </div>
    );
  }
  const fault = problem?.fields.password;
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      {problem && fault === undefined && (
        <Alert>
          {problem.code === "invalid_link" ? USED_UP : problem.message}{" "}
          <Anchor to="/forgot" className="font-medium underline">
            Ask for a new link
          </Anchor>
        </Alert>
      )}
      <PasswordField
        label="New password"
        hint="At least 8 characters; a few words are easy to remember."
        autoComplete="new-password"
        required
        value={password}
        fault={fault}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" disabled={isBusy}>
        Set the password
      </Button>
    </form>
  );
}
