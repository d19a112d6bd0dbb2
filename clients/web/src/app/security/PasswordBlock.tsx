import { useState } from "react";
import { EntryApi } from "#api/entry.ts";
import { MeApi } from "#api/me.ts";
import { useApp } from "#app/context.ts";
import { sentenceOfSent } from "#app/entry/sent.ts";
import { useDoor } from "#app/entry/useDoor.ts";
import { Block } from "#app/settings/Block.tsx";
import { useMe } from "#app/settings/me.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { PasswordField } from "#app/ui/PasswordField.tsx";
import { Saved } from "#app/ui/Saved.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useSubmission } from "#app/ui/useSubmission.ts";
import type { Problem } from "#wire/problem.ts";

export function PasswordBlock() {
  const { me } = useMe();
  return me.hasPassword ? <Known /> : <None />;
}

function Known() {
  const [isOpen, setIsOpen] = useState(false);
  const [said, setSaid] = useState("");
  return (
    <Block
      title="Password"
      hint="A new one logs out all your other devices."
      tool={
        <Button look="quiet" onClick={() => setIsOpen(true)}>
          Change password
        </Button>
      }
    >
      <Saved>{said}</Saved>
      {isOpen && (
        <ChangePassword
          onClose={(isDone) => {
            setIsOpen(false);
            setSaid(isDone ? "Changed. Your other devices are logged out." : "");
          }}
        />
      )}
    </Block>
  );
}

/** Who came in by another place gets a first one by mail. */
function None() {
  const { me } = useMe();
  const { ask } = useApp();
  const { hasMail } = useDoor();
  const [said, setSaid] = useState("");
  const send = useAttempt(async () => {
    await new EntryApi(ask).forgot(me.email);
    setSaid(sentenceOfSent(me.email, hasMail));
  });
  return (
    <Block
      title="Password"
      hint="You log in by another service and have none here."
      tool={
        <Button look="quiet" disabled={send.isBusy} onClick={() => void send.run()}>
          Set a password
        </Button>
      }
    >
      {send.problem && <Alert>{send.problem.message}</Alert>}
      <Saved>{said}</Saved>
    </Block>
  );
}

interface Props {
  readonly onClose: (isDone: boolean) => void;
}

function ChangePassword({ onClose }: Props) {
  const api = useApi(MeApi);
  const { me } = useMe();
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const { isBusy, problem, run } = useAttempt(() => api.changePassword(old, next));
  const { onSubmit } = useSubmission(async () => {
    if (await run()) onClose(true);
  });
  const faults = faultsIn(problem);

  return (
    <Dialog title="Change your password" onClose={() => onClose(false)}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {problem && Object.keys(faults).length === 0 && <Alert>{problem.message}</Alert>}
        {/* Password managers keep a password with the name that stands before it. */}
        <input type="hidden" name="username" autoComplete="username" value={me.email} readOnly />
        <PasswordField
          label="Password now"
          autoComplete="current-password"
          required
          value={old}
          fault={faults.old}
          onChange={(event) => setOld(event.target.value)}
        />
        <PasswordField
          label="New password"
          hint="At least 8 characters; a few words are easy to remember."
          autoComplete="new-password"
          required
          value={next}
          fault={faults.new}
          onChange={(event) => setNext(event.target.value)}
        />
        <Button type="submit" disabled={isBusy}>
          Change it
        </Button>
      </form>
    </Dialog>
  );
}

function faultsIn(problem: Problem | null): Readonly<Record<string, string | undefined>> {
  if (problem?.code === "invalid_credentials") return { old: "This is not your password." };
  const { password, ...others } = problem?.fields ?? {};
  return password === undefined ? others : { ...others, new: password };
}
