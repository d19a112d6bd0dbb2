import { useState } from "react";
import { type SecondFactors, SecurityApi, type TotpSeed } from "#api/security.ts";
import { CodeSheet } from "#app/security/CodeSheet.tsx";
import { QrCode } from "#app/security/QrCode.tsx";
import { Block } from "#app/settings/Block.tsx";
import { Tag } from "#app/settings/Items.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { CodeField } from "#app/ui/CodeField.tsx";
import { CopyField } from "#app/ui/CopyField.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { Question } from "#app/ui/Question.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useSubmission } from "#app/ui/useSubmission.ts";

interface Props {
  readonly factors: SecondFactors;
  readonly onChange: () => Promise<void>;
}

/** An app that shows a new code every half minute. */
export function TotpBlock({ factors, onChange }: Props) {
  const api = useApi(SecurityApi);
  const [seed, setSeed] = useState<TotpSeed | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [isRemoving, setIsRemoving] = useState(false);
  const begin = useAttempt(async () => setSeed(await api.beginTotp()));

  return (
    <Block
      title="Authenticator app"
      hint={
        <>
          A second step when you log in: a code that an app on your phone shows.
          {factors.hasTotp && <Tag>On</Tag>}
        </>
      }
      tool={
        factors.hasTotp ? (
          <Button look="quiet" onClick={() => setIsRemoving(true)}>
            Turn off
          </Button>
        ) : (
          <Button look="quiet" disabled={begin.isBusy} onClick={() => void begin.run()}>
            Set up
          </Button>
        )
      }
    >
      {begin.problem && <Alert>{begin.problem.message}</Alert>}
      {seed && (
        <Enrolment
          seed={seed}
          onClose={() => setSeed(null)}
          onCodes={(made) => {
            setSeed(null);
            setCodes(made);
          }}
        />
      )}
      {codes && (
        <CodeSheet
          codes={codes}
          onClose={() => {
            setCodes(null);
            void onChange();
          }}
        />
      )}
      {isRemoving && (
        <Question
          title="Turn off the authenticator app?"
          yes="Turn off"
          no="Keep it on"
          onYes={async () => {
            await api.removeTotp();
            await onChange();
          }}
          onClose={() => setIsRemoving(false)}
        >
          Then nothing but your password, or a passkey, keeps others out of your account.
        </Question>
      )}
    </Block>
  );
}

interface EnrolmentProps {
  readonly seed: TotpSeed;
  readonly onClose: () => void;
  readonly onCodes: (codes: readonly string[]) => void;
}

function Enrolment({ seed, onClose, onCodes }: EnrolmentProps) {
  const api = useApi(SecurityApi);
  const [code, setCode] = useState("");
  const { isBusy, problem, run } = useAttempt(async () =>
    onCodes(await api.confirmTotp(code.replace(/\s/g, ""))),
  );
  const { onSubmit } = useSubmission(run);

  return (
    <Dialog title="Set up an authenticator app" onClose={onClose}>
      <ol className="flex list-decimal flex-col gap-4 pl-4 text-sm marker:text-soft">
        <li>
          Scan this with the app.
          <QrCode text={seed.uri} label="QR code for the authenticator app" />
          <details className="text-soft">
            <summary className="cursor-pointer rounded-lg py-1">It cannot be scanned?</summary>
            <p className="pb-2">
              <a href={seed.uri} className="font-medium text-accent hover:underline">
                Open it in an app on this device
              </a>
              , or type this key into the app, as one that is based on time:
            </p>
            <CopyField label="Key" value={spaced(seed.secret)} lines={2} />
          </details>
        </li>
        <li>
          <form onSubmit={onSubmit} className="flex flex-col gap-4">
            <CodeField
              label="Then enter the code that it shows"
              inputMode="numeric"
              value={code}
              fault={problem ? (problem.fields.code ?? problem.message) : undefined}
              onChange={(event) => setCode(event.target.value)}
            />
            <Button type="submit" disabled={isBusy}>
              Turn on
            </Button>
          </form>
        </li>
      </ol>
    </Dialog>
  );
}

/** In fours, as one reads it aloud. */
function spaced(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(" ") ?? secret;
}
