import { useState } from "react";
import { type Passkey, type SecondFactors, SecurityApi } from "#api/security.ts";
import { CodeSheet } from "#app/security/CodeSheet.tsx";
import { hasPasskeys } from "#app/security/hasPasskeys.ts";
import { makePasskey } from "#app/security/passkeys.ts";
import { Block } from "#app/settings/Block.tsx";
import { Item, Items } from "#app/settings/Items.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { Field } from "#app/ui/Field.tsx";
import { dayOf, momentOf } from "#app/ui/moments.ts";
import { Question } from "#app/ui/Question.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useSubmission } from "#app/ui/useSubmission.ts";

interface Props {
  readonly factors: SecondFactors;
  readonly onChange: () => Promise<void>;
}

/** A finger, a face or a key in the place of what is typed. */
export function Passkeys({ factors, onChange }: Props) {
  const api = useApi(SecurityApi);
  const canAdd = factors.mayHavePasskeys && hasPasskeys();
  const [isAdding, setIsAdding] = useState(false);
  const [leaving, setLeaving] = useState<Passkey | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  return (
    <Block
      title="Passkeys"
      hint={
        canAdd
          ? "Log in with the lock of your device or a security key; nothing to remember, nothing to steal."
          : "They need a newer browser, or a server that has a name and is reached over TLS."
      }
      tool={
        canAdd && (
          <Button look="quiet" onClick={() => setIsAdding(true)}>
            Add a passkey
          </Button>
        )
      }
    >
      {factors.passkeys.length > 0 && (
        <Items>
          {factors.passkeys.map((passkey) => (
            <Item
              key={passkey.id}
              title={passkey.name}
              notes={notesOf(passkey)}
              tools={
                <Button look="quiet" onClick={() => setLeaving(passkey)}>
                  Remove<span className="sr-only"> {passkey.name}</span>
                </Button>
              }
            />
          ))}
        </Items>
      )}
      {isAdding && (
        <NewPasskey
          onClose={() => setIsAdding(false)}
          onMade={(made) => {
            setIsAdding(false);
            if (made.length > 0) setCodes(made);
            void onChange();
          }}
        />
      )}
      {codes && <CodeSheet codes={codes} onClose={() => setCodes(null)} />}
      {leaving && (
        <Question
          title="Remove this passkey?"
          yes="Remove"
          no="Keep it"
          onYes={async () => {
            await api.removePasskey(leaving.id);
            await onChange();
          }}
          onClose={() => setLeaving(null)}
        >
          {leaving.name} will not let you in any more. Your device may still list it; remove it
          there too.
        </Question>
      )}
    </Block>
  );
}

interface NewProps {
  readonly onClose: () => void;
  /** The recovery codes, if these were made with it. */
  readonly onMade: (codes: readonly string[]) => void;
}

function NewPasskey({ onClose, onMade }: NewProps) {
  const api = useApi(SecurityApi);
  const [name, setName] = useState("");
  const { isBusy, problem, run } = useAttempt(async () => {
    const answer = await makePasskey(await api.askForPasskey());
    onMade(await api.addPasskey(answer, name.trim()));
  });
  const { onSubmit } = useSubmission(run);
  return (
    <Dialog title="Add a passkey" onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {problem && problem.fields.name === undefined && <Alert>{problem.message}</Alert>}
        <Field
          label="What to call it"
          hint="Such as: my phone, the key on my ring."
          required
          maxLength={64}
          value={name}
          fault={problem?.fields.name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" disabled={isBusy}>
          {isBusy ? "Waiting for your device" : "Continue"}
        </Button>
      </form>
    </Dialog>
  );
}

function notesOf({ createdAt, usedAt }: Passkey): string {
  const used = usedAt === null ? "never used" : `last used ${momentOf(usedAt)}`;
  return `Added ${dayOf(createdAt)}, ${used}`;
}
