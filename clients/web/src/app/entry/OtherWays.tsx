import { useState } from "react";
import type { Provider } from "#api/entry.ts";
import { problemIn } from "#api/http.ts";
import type { Challenge } from "#api/session.ts";
import { useApp } from "#app/context.ts";
import { ByProvider } from "#app/entry/ByProvider.tsx";
import { sentenceOf } from "#app/entry/refusals.ts";
import { hasPasskeys } from "#app/security/hasPasskeys.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Icon } from "#app/ui/Icon.tsx";

interface Props {
  readonly providers: readonly Provider[];
  /** What the link of an invitation says. */
  readonly invite: string | null;
  /** Null where nobody can have a passkey yet. */
  readonly onChallenge: ((challenge: Challenge) => void) | null;
}

/** Ways in without a password. */
export function OtherWays({ providers, invite, onChallenge }: Props) {
  const mayHaveKey = onChallenge !== null && hasPasskeys();
  if (!mayHaveKey && providers.length === 0) return null;
  return (
    <div className="mt-5 flex flex-col gap-2.5">
      <p className="flex items-center gap-3 pb-1 text-sm text-soft">
        <span className="h-px grow bg-line" />
        or
        <span className="h-px grow bg-line" />
      </p>
      {mayHaveKey && <ByPasskey onChallenge={onChallenge} />}
      {providers.map((provider) => (
        <ByProvider key={provider.name} provider={provider} invite={invite} />
      ))}
    </div>
  );
}

interface ByPasskeyProps {
  readonly onChallenge: (challenge: Challenge) => void;
}

function ByPasskey({ onChallenge }: ByPasskeyProps) {
  const { account } = useApp();
  const [isBusy, setIsBusy] = useState(false);
  const [fault, setFault] = useState("");

  async function enter(): Promise<void> {
    setIsBusy(true);
    setFault("");
    try {
      const { showPasskey } = await import("#app/security/passkeys.ts");
      const answer = await showPasskey(await account.passkeyQuestion(null));
      const outcome = await account.logInByPasskey(answer);
      if (outcome && "challenge" in outcome) onChallenge(outcome);
      else if (outcome) setFault(sentenceOf(outcome));
    } catch (error) {
      setFault(sentenceOf(problemIn(error)));
    }
    setIsBusy(false);
  }

  return (
    <>
      {fault !== "" && <Alert>{fault}</Alert>}
      <Button look="quiet" disabled={isBusy} onClick={() => void enter()}>
        <Icon name="key" className="size-4.5" />
        Log in with a passkey
      </Button>
    </>
  );
}
