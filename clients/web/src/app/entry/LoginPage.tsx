import { useState } from "react";
import { useApp } from "#app/context.ts";
import { givenInAddress } from "#app/entry/address.ts";
import { EntryCard } from "#app/entry/EntryCard.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Field } from "#app/ui/Field.tsx";
import { PasswordField } from "#app/ui/PasswordField.tsx";
import { useSubmission } from "#app/ui/useSubmission.ts";
import type { Problem } from "#wire/problem.ts";

const FOOTER = (
  <>
    New here?{" "}
    <Anchor to="/register" className="font-medium text-accent hover:underline">
      Create an account
    </Anchor>
  </>
);

interface Props {
  /** Why the person is here without having asked for it. */
  readonly notice: string | null;
}

export function LoginPage({ notice }: Props) {
  const { account } = useApp();
  const [email, setEmail] = useState(() => givenInAddress("email") ?? "");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const { isBusy, onSubmit } = useSubmission(async () => {
    setProblem(await account.logIn(email.trim(), password));
  });

  return (
    <EntryCard title="Log in" footer={FOOTER}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {problem ? (
          <Alert>{sentenceOf(problem)}</Alert>
        ) : (
          notice !== null && (
            <p role="status" className="rounded-lg bg-accent-soft px-3.5 py-2.5 text-sm">
              {notice}
            </p>
          )
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
        <Button type="submit" disabled={isBusy} className="mt-2">
          {isBusy ? "Logging in" : "Log in"}
        </Button>
      </form>
    </EntryCard>
  );
}

function sentenceOf({ code, message }: Problem): string {
  if (code === "account_disabled") return "This account is blocked. Ask whoever runs this server.";
  return code === "invalid_credentials" ? "E-mail or password is wrong." : message;
}
