import { useEffect, useState } from "react";
import { EntryApi } from "#api/entry.ts";
import { MeApi } from "#api/me.ts";
import { useApp } from "#app/context.ts";
import { sentenceOfSent } from "#app/entry/sent.ts";
import { useDoor } from "#app/entry/useDoor.ts";
import { Block } from "#app/settings/Block.tsx";
import { Tag } from "#app/settings/Items.tsx";
import { useMe } from "#app/settings/me.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Anchor } from "#app/ui/Anchor.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { Field } from "#app/ui/Field.tsx";
import { Saved } from "#app/ui/Saved.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useSubmission } from "#app/ui/useSubmission.ts";

export function EmailBlock() {
  const { me, reload } = useMe();
  const { ask } = useApp();
  const { hasMail } = useDoor();
  const [isOpen, setIsOpen] = useState(false);
  const [said, setSaid] = useState("");
  const resend = useAttempt(async () => {
    await new EntryApi(ask).resend(me.email);
    setSaid(sentenceOfSent(me.email, hasMail));
  });

  useReturn(said !== "", reload);

  return (
    <Block
      title="E-mail"
      hint={
        <>
          {me.email}
          {me.isEmailVerified && <Tag>Verified</Tag>}
        </>
      }
      tool={
        <Button look="quiet" onClick={() => setIsOpen(true)}>
          Change address
        </Button>
      }
    >
      {!me.isEmailVerified && hasMail && said === "" && (
        <Button look="quiet" disabled={resend.isBusy} onClick={() => void resend.run()}>
          Verify this address
        </Button>
      )}
      {resend.problem && <Alert>{resend.problem.message}</Alert>}
      <Saved>{said}</Saved>
      {said !== "" && !hasMail && me.role === "owner" && (
        <Anchor to="/settings/mail" className="py-2 text-sm text-accent hover:underline">
          To the mail that was not sent
        </Anchor>
      )}
      {isOpen && (
        <ChangeAddress
          hasMail={hasMail}
          onClose={(sentence) => {
            setIsOpen(false);
            setSaid(sentence);
          }}
        />
      )}
    </Block>
  );
}

/** Who went to read a mail and comes back sees what came of it. */
function useReturn(isWanted: boolean, look: () => Promise<void>): void {
  useEffect(() => {
    if (!isWanted) return;
    const onChange = () => document.visibilityState === "visible" && void look();
    document.addEventListener("visibilitychange", onChange);
    return () => document.removeEventListener("visibilitychange", onChange);
  }, [isWanted, look]);
}

interface Props {
  readonly hasMail: boolean;
  /** The sentence is what happens next; empty if nothing does. */
  readonly onClose: (sentence: string) => void;
}

function ChangeAddress({ hasMail, onClose }: Props) {
  const api = useApi(MeApi);
  const { reload } = useMe();
  const [email, setEmail] = useState("");
  const { isBusy, problem, run } = useAttempt(async () => {
    await api.changeEmail(email.trim());
    await reload();
  });
  const { onSubmit } = useSubmission(async () => {
    const sent = sentenceOfSent(email.trim(), hasMail);
    if (await run()) onClose(`${sent} Until then your old address stays.`);
  });

  return (
    <Dialog title="Change your address" onClose={() => onClose("")}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {problem && problem.fields.email === undefined && <Alert>{problem.message}</Alert>}
        <Field
          label="New e-mail"
          type="email"
          inputMode="email"
          autoCapitalize="none"
          autoComplete="email"
          required
          value={email}
          fault={problem?.fields.email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Button type="submit" disabled={isBusy}>
          Send a link to it
        </Button>
      </form>
    </Dialog>
  );
}
