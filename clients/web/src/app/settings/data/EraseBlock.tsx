import { useCallback, useState } from "react";
import { type Erasure, PrivacyApi } from "#api/privacy.ts";
import { useApp } from "#app/context.ts";
import { Block } from "#app/settings/Block.tsx";
import { useMe } from "#app/settings/me.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { Field } from "#app/ui/Field.tsx";
import { momentOf } from "#app/ui/moments.ts";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useLoad } from "#app/ui/useLoad.ts";
import { useSubmission } from "#app/ui/useSubmission.ts";

/** The end of the account, or the way back while there is one. */
export function EraseBlock() {
  const api = useApi(PrivacyApi);
  const pending = useLoad(useCallback(() => api.erasure(), [api]));
  const [isAsking, setIsAsking] = useState(false);
  if (pending.value) return <Pending erasure={pending.value} onTakenBack={pending.reload} />;
  return (
    <Block
      title="Delete your account"
      hint="Your account and what you wrote are erased, on all parts of this server. That cannot be taken back."
      tool={
        <Button look="danger" onClick={() => setIsAsking(true)}>
          Delete my account
        </Button>
      }
    >
      {isAsking && <Erase onClose={() => setIsAsking(false)} />}
    </Block>
  );
}

interface PendingProps {
  readonly erasure: Erasure;
  readonly onTakenBack: () => Promise<void>;
}

function Pending({ erasure, onTakenBack }: PendingProps) {
  const api = useApi(PrivacyApi);
  const { isBusy, problem, run } = useAttempt(async () => {
    await api.takeBack();
    await onTakenBack();
  });
  return (
    <Block
      title="Your account will be deleted"
      hint={`Everything of yours is erased${erasure.dueAt === null ? "" : ` on ${momentOf(erasure.dueAt)}`}. Until then you can think again.`}
      tool={
        <Button disabled={isBusy} onClick={() => void run()}>
          Keep my account
        </Button>
      }
    >
      {problem && <Alert>{problem.message}</Alert>}
    </Block>
  );
}

interface EraseProps {
  readonly onClose: () => void;
}

function Erase({ onClose }: EraseProps) {
  const { account } = useApp();
  const { me } = useMe();
  const api = useApi(PrivacyApi);
  const [name, setName] = useState("");
  const { isBusy, problem, run } = useAttempt(async () => {
    const { dueAt } = await api.erase();
    await account.leave(sentenceOf(dueAt));
  });
  const { onSubmit } = useSubmission(run);
  return (
    <Dialog title="Delete your account?" onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {problem && <Alert>{problem.message}</Alert>}
        <ul className="flex list-disc flex-col gap-1.5 pl-5 text-sm text-soft">
          <li>Your name, address, picture and settings are erased.</li>
          <li>What you wrote is erased too; answers of others stay.</li>
          <li>Your bots and tokens stop working, and all your devices are logged out.</li>
          <li>Nobody can bring it back, not even those who run this server.</li>
        </ul>
        <Field
          label={`Type your name, ${me.name}, to go on`}
          dir="auto"
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="quiet" onClick={onClose}>
            Keep my account
          </Button>
          <Button look="danger" type="submit" disabled={isBusy || !isSame(name, me.name)}>
            Delete it for good
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Nobody has to find out how to write a sign that their keyboard does not have. */
function isSame(written: string, name: string): boolean {
  const plain = (text: string) =>
    text
      .normalize("NFKC")
      .replace(/[\u2018\u2019\u02bc`]/g, "'")
      .replace(/[\u2010-\u2015]/g, "-")
      .replace(/\s+/g, " ")
      .trim()
      .toLowerCase();
  return plain(written) === plain(name);
}

function sentenceOf(dueAt: string | null): string {
  if (dueAt === null || Date.parse(dueAt) <= Date.now()) {
    return "Your account is being erased. Goodbye.";
  }
  return `Your account will be erased on ${momentOf(dueAt)}. Log in before then to keep it.`;
}
