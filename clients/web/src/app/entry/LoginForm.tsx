import { useState } from "react";
import type { Challenge } from "#api/session.ts";
import { useApp } from "#app/context.ts";
import { sentenceOf } from "#app/entry/refusals.ts";
import { SendAgain } from "#app/entry/SendAgain.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Field } from "#app/ui/Field.tsx";
import { PasswordField } from "#app/ui/PasswordField.tsx";
import { useSubmission } from "#app/ui/useSubmission.ts";
import type { Problem } from "#wire/problem.ts";

interface Props {
  /** What a link has filled in. */
  readonly email: string;
  readonly notice: string | null;
  /** Why another way in did not work. */
  readonly refusal: string | null;
  readonly onChallenge: (challenge: Challenge) => void;
}

export function LoginForm({ email: given, notice, refusal, onChallenge }: Props) {
  const { account } = useApp();
  const [email, setEmail] = useState(given);
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const { isBusy, onSubmit } = useSubmission(async () => {
    const outcome = await account.logIn(email.trim(), password);
    if (outcome && "challenge" in outcome) onChallenge(outcome);
    else setProblem(outcome);
  });
  const fault = problem ? sentenceOf(problem) : refusal;

  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      {fault !== null && <Alert>{fault}</Alert>}
      {problem?.code === "email_unverified" && <SendAgain email={email.trim()} />}
      {fault === null && notice !== null && (
        <p role="status" className="rounded-lg bg-accent-soft px-3.5 py-2.5 text-sm">
          {notice}
        </p>
      )}
      <Field
        label="E-mail"
        name="email"
        type="email"
        inputMode="email"
        autoCapitalize="none"
        autoComplete="username"
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <PasswordField
        label="Password"
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Anchor
        to="/forgot"
        className="-mt-2 self-start rounded py-1 text-sm text-accent hover:underline"
      >
        Forgot your password?
      </Anchor>
      <Button type="submit" disabled={isBusy}>
        {isBusy ? "Logging in" : "Log in"}
      </Button>
    </form>
  );
}
