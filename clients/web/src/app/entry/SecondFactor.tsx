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
import type { Problem } from "#wire/problem.ts";

interface Props {
  readonly challenge: Challenge;
  /** It cannot be answered any more, or the person goes back; the sentence says why. */
  readonly onEnd: (sentence: string | null) => void;
}

/** A code of the app, or one of those that were kept. */
type Typed = "totp" | "recovery";

const TOO_LATE = "That took too long. Please log in again.";
const WRONG_RECOVERY_CODE = "This code is wrong or was used. Try another one of yours.";

/** What else has to be shown, after the password. */
export function SecondFactor({ challenge, onEnd }: Props) {
  const { account } = useApp();
  const hasKey = challenge.methods.includes("passkey") && hasPasskeys();
  const [typed, setTyped] = useState(() => firstOf(challenge, hasKey));
  const [fault, setFault] = useState("");
  const [isBusy, setIsBusy] = useState(false);

  async function answer(find: () => Promise<SecondProof>): Promise<void> {
    setIsBusy(true);
    setFault("");
    try {
      const outcome = await account.answer(challenge, await find());
      if (outcome && "code" in outcome) {
        if (outcome.code === "challenge_expired") return onEnd(TOO_LATE);
        setFault(sentenceOf(outcome, typed));
      }
    } catch (error) {
      setFault(problemIn(error).message);
    }
    setIsBusy(false);
  }

  function turnTo(other: Typed): void {
    setFault("");
    setTyped(other);
  }

  const others = (["totp", "recovery"] as const).filter(
    (one) => one !== typed && challenge.methods.includes(one),
  );
  return (
    <div className="flex flex-col gap-4">
      {fault !== "" && <Alert>{fault}</Alert>}
      {hasKey && (
        <Button
          look={typed === null ? "primary" : "quiet"}
          disabled={isBusy}
          autoFocus={typed === null}
          onClick={() =>
            void answer(async () => ({
              passkey: await showPasskey(await account.passkeyQuestion(challenge)),
            }))
          }
        >
          Use a passkey
        </Button>
      )}
      {typed !== null && (
        <Code
          key={typed}
          typed={typed}
          isBusy={isBusy}
          onGive={(code) => answer(async () => ({ code }))}
        />
      )}
      <div className="flex flex-wrap justify-between gap-x-4 text-sm">
        {others.map((one) => (
          <TextButton key={one} onClick={() => turnTo(one)}>
            {one === "totp" ? "Use the app" : "Use a recovery code"}
          </TextButton>
        ))}
        <TextButton onClick={() => onEnd(null)}>Log in as somebody else</TextButton>
      </div>
    </div>
  );
}

/** What is asked for first: a passkey alone is shown, and nothing typed. */
function firstOf({ methods }: Challenge, hasKey: boolean): Typed | null {
  if (methods.includes("totp")) return "totp";
  return hasKey || !methods.includes("recovery") ? null : "recovery";
}

function sentenceOf({ code, message }: Problem, typed: Typed | null): string {
  return code === "invalid_code" && typed === "recovery" ? WRONG_RECOVERY_CODE : message;
}

interface CodeProps {
  readonly typed: Typed;
  readonly isBusy: boolean;
  readonly onGive: (code: string) => Promise<void>;
}

function Code({ typed, isBusy, onGive }: CodeProps) {
  const [code, setCode] = useState("");
  const { onSubmit } = useSubmission(() => onGive(code.trim()));
  const isRecovery = typed === "recovery";
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      <CodeField
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
