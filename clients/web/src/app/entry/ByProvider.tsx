import { EntryApi, loginPathOf, type Provider } from "#api/entry.ts";
import { useApp } from "#app/context.ts";
import { sentenceOf } from "#app/entry/refusals.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { useAttempt } from "#app/ui/useAttempt.ts";

interface Props {
  readonly provider: Provider;
  /** What the link of an invitation says. */
  readonly invite: string | null;
}

/** The way in by another place; an invitation is taken along. */
export function ByProvider({ provider, invite }: Props) {
  const title = `Log in with ${provider.title}`;
  if (invite !== null) return <Invited title={title} provider={provider} invite={invite} />;
  return (
    <a
      href={loginPathOf(provider.name)}
      className="inline-flex min-h-10 items-center justify-center gap-2 rounded-lg border border-line bg-raised px-4 font-medium hover:bg-hover"
    >
      {title}
    </a>
  );
}

interface InvitedProps {
  readonly title: string;
  readonly provider: Provider;
  readonly invite: string;
}

/** An invitation goes in no address, where others might read it. */
function Invited({ title, provider, invite }: InvitedProps) {
  const { ask } = useApp();
  const { isBusy, problem, run } = useAttempt(async () => {
    window.location.assign(await new EntryApi(ask).departInvited(provider, invite));
  });
  return (
    <>
      {problem && <Alert>{sentenceOf(problem)}</Alert>}
      <Button look="quiet" disabled={isBusy} onClick={() => void run()}>
        {title}
      </Button>
    </>
  );
}
