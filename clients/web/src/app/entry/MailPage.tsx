import { useEffect, useRef, useState } from "react";
import { EntryApi } from "#api/entry.ts";
import { useApp } from "#app/context.ts";
import { useSecret } from "#app/entry/address.ts";
import { EntryCard } from "#app/entry/EntryCard.tsx";
import { Onward } from "#app/entry/Onward.tsx";
import { ResetForm } from "#app/entry/ResetForm.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { useAttempt } from "#app/ui/useAttempt.ts";

interface Props {
  readonly page: "verify" | "confirm-email" | "reset";
}

const TITLES = {
  verify: "Your e-mail address",
  "confirm-email": "Your new address",
  reset: "A new password",
} as const;

const CUT_OFF = "This link is not complete. Copy it whole from the mail.";

/** Where the link of a mail leads. Its token is behind the `#`, and is taken out of the address. */
export function MailPage({ page }: Props) {
  const token = useSecret("token");
  return (
    <EntryCard title={TITLES[page]}>
      {token === null ? (
        <div className="flex flex-col gap-5">
          <Alert>{CUT_OFF}</Alert>
          <Onward />
        </div>
      ) : page === "reset" ? (
        <ResetForm key={token} token={token} />
      ) : (
        <Followed key={token} page={page} token={token} />
      )}
    </EntryCard>
  );
}

interface FollowedProps {
  readonly page: "verify" | "confirm-email";
  readonly token: string;
}

/** A link that does what it is for when it is opened. */
function Followed({ page, token }: FollowedProps) {
  const { ask } = useApp();
  const [isDone, setIsDone] = useState(false);
  const hasBegun = useRef(false);
  const { problem, run } = useAttempt(async () => {
    const api = new EntryApi(ask);
    await (page === "verify" ? api.verify(token) : api.confirmEmail(token));
    setIsDone(true);
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, since the token is good once.
  useEffect(() => {
    if (hasBegun.current) return;
    hasBegun.current = true;
    void run();
  }, []);

  if (problem) return <Refusal page={page} sentence={problem.message} />;
  if (!isDone) return <p role="status">One moment.</p>;
  return (
    <div className="flex flex-col gap-5">
      <p role="status">
        {page === "verify"
          ? "Thank you, your address is verified."
          : "Thank you, this is your address from now on."}
      </p>
      <Onward />
    </div>
  );
}

interface RefusalProps {
  readonly page: "verify" | "confirm-email";
  readonly sentence: string;
}

function Refusal({ page, sentence }: RefusalProps) {
  return (
    <div className="flex flex-col gap-4">
      <Alert>{sentence}</Alert>
      <p className="text-sm text-soft">
        {page === "verify"
          ? "Each link works once and for a while. If your address is verified already, log in; if not, the log-in sends a new one."
          : "Each link works once and for a while. You can ask for a new one in your settings."}
      </p>
      <Onward />
    </div>
  );
}
