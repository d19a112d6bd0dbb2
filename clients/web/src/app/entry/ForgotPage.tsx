import { useState } from "react";
import { EntryApi } from "#api/entry.ts";
import { useApp } from "#app/context.ts";
import { givenInAddress } from "#app/entry/address.ts";
import { EntryCard } from "#app/entry/EntryCard.tsx";
import { useDoor } from "#app/entry/useDoor.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Field } from "#app/ui/Field.tsx";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useSubmission } from "#app/ui/useSubmission.ts";

const BACK = (
  <Anchor to="/login" className="font-medium text-accent hover:underline">
    Back to the log-in
  </Anchor>
);

export function ForgotPage() {
  const { ask } = useApp();
  const { hasMail } = useDoor();
  const [email, setEmail] = useState(() => givenInAddress("email") ?? "");
  const [isSent, setIsSent] = useState(false);
  const { isBusy, problem, run } = useAttempt(() => new EntryApi(ask).forgot(email.trim()));
  const { onSubmit } = useSubmission(async () => {
    setIsSent(await run());
  });

  if (isSent) {
    return (
      <EntryCard title={hasMail ? "Look into your inbox" : "Ask for the link"} footer={BACK}>
        <p role="status">
          If <strong className="font-semibold wrap-anywhere">{email.trim()}</strong> has an account
          here,{" "}
          {hasMail
            ? "a mail with a link for a new password is on its way."
            : "whoever runs this server has a link for a new password now."}
        </p>
        <p className="mt-3 text-sm text-soft">
          {hasMail
            ? "It may take a minute; look into the spam folder too."
            : "This server sends no mail itself: ask them to pass the link on to you."}
        </p>
      </EntryCard>
    );
  }
  return (
    <EntryCard
      title="Forgot your password?"
      subtitle={
        hasMail
          ? "We send a link to your address, with which you choose a new one."
          : "You choose a new one with a link, which whoever runs this server passes on to you."
      }
      footer={BACK}
    >
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {problem && problem.fields.email === undefined && <Alert>{problem.message}</Alert>}
        <Field
          label="E-mail"
          type="email"
          inputMode="email"
          autoCapitalize="none"
          autoComplete="username"
          required
          value={email}
          fault={problem?.fields.email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Button type="submit" disabled={isBusy}>
          {hasMail ? "Send the link" : "Make the link"}
        </Button>
      </form>
    </EntryCard>
  );
}
