import { useState } from "react";
import { useApp } from "#app/context.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Field } from "#app/ui/Field.tsx";
import { PasswordField } from "#app/ui/PasswordField.tsx";
import { useSubmission } from "#app/ui/useSubmission.ts";
import type { Problem } from "#wire/problem.ts";

interface Props {
  readonly ownerToken: string | null;
  /** What the link of an invitation says. */
  readonly invite: string | null;
  /** Of which the address must be; empty for any. */
  readonly domains: readonly string[];
  /** A mail went there, which has to be answered first. */
  readonly onMail: (email: string) => void;
}

const NOBODY = { name: "", email: "", password: "" };

export function RegistrationForm({ ownerToken, invite, domains, onMail }: Props) {
  const { account } = useApp();
  const [given, setGiven] = useState(NOBODY);
  const [outcome, setOutcome] = useState<Problem | null>(null);
  const { isBusy, onSubmit } = useSubmission(async () => {
    const { name, email, password } = given;
    const trimmed = { name: name.trim(), email: email.trim(), password };
    const answer = await account.register({ ...trimmed, ownerToken, invite });
    setOutcome(answer === "mail_sent" ? null : answer);
    if (answer === "mail_sent") onMail(trimmed.email);
  });

  const faults = faultsIn(outcome, domains);
  const field = (name: keyof typeof NOBODY) => ({
    name,
    required: true,
    value: given[name],
    fault: faults[name],
    onChange: (event: { target: { value: string } }) =>
      setGiven({ ...given, [name]: event.target.value }),
  });
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      {outcome && Object.keys(faults).length === 0 && (
        <Refusal problem={outcome} isOwner={ownerToken !== null} />
      )}
      <Field label="Name" hint="As others will see you." autoComplete="name" {...field("name")} />
      <Field
        label="E-mail"
        type="email"
        inputMode="email"
        autoCapitalize="none"
        autoComplete="username"
        {...(domains.length > 0 ? { hint: `One of ${domains.join(", ")}.` } : {})}
        {...field("email")}
      />
      <PasswordField
        label="Password"
        hint="At least 8 characters; a few words are easy to remember."
        autoComplete="new-password"
        {...field("password")}
      />
      <Button type="submit" disabled={isBusy} className="mt-2">
        {isBusy ? "Registering" : "Register"}
      </Button>
    </form>
  );
}

interface RefusalProps {
  readonly problem: Problem;
  readonly isOwner: boolean;
}

/** Why not, and where to go instead. */
function Refusal({ problem, isOwner }: RefusalProps) {
  const wayOut = isOwner ? OWNER_EXISTS[problem.code] : undefined;
  return (
    <Alert>
      {problem.message}
      {wayOut !== undefined && ` ${wayOut}`}
    </Alert>
  );
}

/** The link is good for one account; whoever comes again has made it, or is too late. */
const OWNER_EXISTS: Readonly<Record<string, string>> = {
  invalid_owner_token: "If this server has its owner already, log in or register without it.",
};

function faultsIn(
  problem: Problem | null,
  domains: readonly string[],
): Readonly<Record<string, string | undefined>> {
  if (problem?.code === "email_taken") return { email: "This address has an account already." };
  if (problem?.code === "domain_not_allowed") return { email: sentenceOf(problem, domains) };
  return problem?.fields ?? {};
}

/** Where there are several, it may be another one than the reader's. */
function sentenceOf({ message }: Problem, domains: readonly string[]): string {
  return domains.length === 0 ? message : `Must be an address of ${domains.join(" or ")}.`;
}
