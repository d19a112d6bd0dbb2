import { useMemo, useState } from "react";
import { type Proof, SecurityApi } from "#api/security.ts";
import { useApp } from "#app/context.ts";
import { hasPasskeys } from "#app/security/hasPasskeys.ts";
import { showPasskey } from "#app/security/passkeys.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { CodeField } from "#app/ui/CodeField.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { PasswordField } from "#app/ui/PasswordField.tsx";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useSubmission } from "#app/ui/useSubmission.ts";
import type { Problem } from "#wire/problem.ts";

interface Props {
  /** By which of these it can be shown; by none, where a new log-in is wanted. */
  readonly methods: readonly string[];
}

/** Asks whoever sits here to show that it is still the one who logged in. */
export function StepUp({ methods }: Props) {
  const { plainCall, proof } = useApp();
  const api = useMemo(() => new SecurityApi(plainCall), [plainCall]);
  const { isBusy, problem, run } = useAttempt(async (find: () => Promise<Proof>) => {
    await api.stepUp(await find());
    proof.end(true);
  });
  const give = (shown: Proof) => void run(async () => shown);
  const hasCode = methods.includes("totp") || methods.includes("recovery");
  const hasKey = methods.includes("passkey") && hasPasskeys();
  const hasPassword = methods.includes("password");
  return (
    <Dialog title="Is it you?" onClose={() => proof.end(false)}>
      <p className="pb-4 text-sm text-soft">
        This is a grave change. Please show that it is you; you will not be asked again for a while.
      </p>
      <div className="flex flex-col gap-4">
        {problem && <Alert>{sentenceOf(problem)}</Alert>}
        {hasKey && (
          <Button
            look={hasCode ? "quiet" : "primary"}
            disabled={isBusy}
            onClick={() =>
              void run(async () => ({ passkey: await showPasskey(await api.stepUpQuestion()) }))
            }
          >
            Use a passkey
          </Button>
        )}
        {hasCode && <Code isBusy={isBusy} onGive={(code) => give({ code })} />}
        {hasPassword && <Password isBusy={isBusy} onGive={(password) => give({ password })} />}
        {!hasKey && !hasCode && !hasPassword && <NoWay />}
      </div>
    </Dialog>
  );
}

function sentenceOf({ code, message }: Problem): string {
  return code === "invalid_credentials" ? "That was not right. Please try again." : message;
}

interface GivenProps {
  readonly isBusy: boolean;
  readonly onGive: (value: string) => void;
}

function Code({ isBusy, onGive }: GivenProps) {
  const [code, setCode] = useState("");
  const { onSubmit } = useSubmission(async () => onGive(code.trim()));
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      <CodeField
        label="Code"
        hint="From your authenticator app, or one of your recovery codes."
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      <Button type="submit" disabled={isBusy}>
        Continue
      </Button>
    </form>
  );
}

function Password({ isBusy, onGive }: GivenProps) {
  const [password, setPassword] = useState("");
  const { onSubmit } = useSubmission(async () => onGive(password));
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      <PasswordField
        label="Your password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" disabled={isBusy}>
        Continue
      </Button>
    </form>
  );
}

/** Who comes in by another place only shows it there. */
function NoWay() {
  return (
    <p className="text-sm">
      This cannot be shown here. Log out and in again, then repeat this at once.
    </p>
  );
}
