import { useState } from "react";
import { problemIn } from "#api/http.ts";
import type { Challenge, SecondProof } from "#api/session.ts";
import { useApp } from "#app/context.ts";
import { hasPasskeys } from "#app/security/hasPasskeys.ts";
import { showPasskey } from "#app/security/passkeys.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { CodeField } from "#app/ui/CodeField.tsx";
import { useSubmission } from "#app/ui/useSubmission.ts";

interface Props {
  readonly challenge: Challenge;
  /** It cannot be answered any more, or the person goes back; the sentence says why. */
  readonly onEnd: (sentence: string | null) => void;
}

const TOO_LATE = "That took too long. Please log in again.";

/** What else has to be shown, after the password. */
export function SecondFactor({ challenge, onEnd }: Props) {
  const { account } = useApp();
  const [isRecovery, setIsRecovery] = useState(!challenge.methods.includes("totp"));
  const [code, setCode] = useState("");
  const [fault, setFault] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const hasKey = challenge.methods.includes("passkey") && hasPasskeys();
  const hasCode = challenge.methods.some((method) => method !== "passkey");

  async function answer(find: () => Promise<SecondProof>): Promise<void> {
    setIsBusy(true);
    setFault("");
    try {
      const outcome = await account.answer(challenge, await find());
      if (outcome && "code" in outcome) {
        if (outcome.code === "challenge_expired") return onEnd(TOO_LATE);
        setFault(outcome.message);
      }
    } catch (error) {
      setFault(problemIn(error).message);
    }
    setIsBusy(false);
  }

  const { onSubmit } = useSubmission(() => answer(async () => ({ code: code.trim() })));
  return (
    <div className="flex flex-col gap-4">
      {fault !== "" && <Alert>{fault}</Alert>}
      {hasKey && (
        <Button
          look={hasCode ? "quiet" : "primary"}
          disabled={isBusy}
          onClick={() =>
            void answer(async () => ({
              passkey: await showPasskey(await account.passkeyQuestion(challenge)),
            }))
          }
        >
          Use a passkey
        </Button>
      )}
      {hasCode && (
        <form onSubmit={onSubmit} className="flex flex-col gap-4">
          <CodeField
            key={String(isRecovery)}
            label={isRecovery ? "Recovery code" : "Code"}
            hint={
              isRecovery
                ? "One of those that you kept when you set this up. Each works once."
                : "Six digits, from your authenticator app."
            }
            inputMode={isRecovery ? "text" : "numeric"}
            autoFocus
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
          <Button type="submit" disabled={isBusy}>
            Continue
          </Button>
        </form>
      )}
      <div className="flex flex-wrap justify-between gap-x-4 text-sm">
        {challenge.methods.includes("totp") && challenge.methods.includes("recovery") && (
          <TextButton onClick={() => setIsRecovery(!isRecovery)}>
            {isRecovery ? "Use the app" : "Use a recovery code"}
          </TextButton>
        )}
        <TextButton onClick={() => onEnd(null)}>Log in as somebody else</TextButton>
      </div>
    </div>
  );
}

interface TextButtonProps {
  readonly children: string;
  readonly onClick: () => void;
}

function TextButton({ children, onClick }: TextButtonProps) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="min-h-10 rounded font-medium text-accent hover:underline"
    >
      {children}
    </button>
  );
}
