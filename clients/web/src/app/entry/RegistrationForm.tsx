import { useState } from "react";
import { useApp } from "#app/context.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Field } from "#app/ui/Field.tsx";
import { useSubmission } from "#app/ui/useSubmission.ts";
import type { Problem } from "#wire/problem.ts";

interface Props {
  readonly ownerToken: string | null;
}

const NOBODY = { name: "", email: "", password: "" };

export function RegistrationForm({ ownerToken }: Props) {
  const { account } = useApp();
  const [given, setGiven] = useState(NOBODY);
  const [outcome, setOutcome] = useState<Problem | "mail_sent" | null>(null);
  const { isBusy, onSubmit } = useSubmission(async () => {
    const { name, email, password } = given;
    const trimmed = { name: name.trim(), email: email.trim(), password };
    setOutcome(await account.register({ ...trimmed, ownerToken }));
  });

  if (outcome === "mail_sent") return <MailSent email={given.email} />;
  const faults = faultsIn(outcome);
  const field = (name: keyof typeof NOBODY) => ({
    required: true,
    value: given[name],
    fault: faults[name],
    onChange: (event: { target: { value: string } }) =>
      setGiven({ ...given, [name]: event.target.value }),
  });
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      {outcome && Object.keys(faults).length === 0 && <Alert>{outcome.message}</Alert>}
      <Field label="Name" hint="As others will see you." autoComplete="name" {...field("name")} />
      <Field label="E-mail" type="email" autoComplete="username" {...field("email")} />
      <Field label="Password" type="password" autoComplete="new-password" {...field("password")} />
      <Button type="submit" disabled={isBusy} className="mt-2">
        Register
      </Button>
    </form>
  );
}

function MailSent({ email }: { readonly email: string }) {
  return (
    <p>
      We have sent a mail to <strong className="font-semibold">{email}</strong>. Follow the link in
      it, then log in.
    </p>
  );
}

function faultsIn(problem: Problem | null): Readonly<Record<string, string | undefined>> {
  if (problem?.code === "email_taken") return { email: "This address has an account already." };
  return problem?.fields ?? {};
}
