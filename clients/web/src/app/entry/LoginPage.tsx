import { useState } from "react";
import { useApp } from "#app/context.ts";
import { EntryCard } from "#app/entry/EntryCard.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Field } from "#app/ui/Field.tsx";
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
  const [email, setEmail] = useState("");
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
          notice !== null && <p className="text-sm text-soft">{notice}</p>
        )}
        <Field
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Field
          label="Password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" disabled={isBusy} className="mt-2">
          Log in
        </Button>
      </form>
    </EntryCard>
  );
}

function sentenceOf({ code, message }: Problem): string {
  return code === "invalid_credentials" ? "E-mail or password is wrong." : message;
}
