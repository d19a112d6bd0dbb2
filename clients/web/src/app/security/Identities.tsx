import { useCallback, useEffect, useRef, useState } from "react";
import { EntryApi, type Provider } from "#api/entry.ts";
import { type Identity, SecurityApi } from "#api/security.ts";
import { useApp } from "#app/context.ts";
import { useGiven } from "#app/entry/address.ts";
import { sentenceOfCode } from "#app/entry/refusals.ts";
import { Block } from "#app/settings/Block.tsx";
import { Item, Items } from "#app/settings/Items.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Fetched } from "#app/ui/Fetched.tsx";
import { dayOf } from "#app/ui/moments.ts";
import { Question } from "#app/ui/Question.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useLoad } from "#app/ui/useLoad.ts";

interface Links {
  readonly identities: readonly Identity[];
  readonly providers: readonly Provider[];
}

/** Accounts elsewhere with which the reader can log in here. Where there are none, nothing is shown. */
export function Identities() {
  const { ask } = useApp();
  const api = useApi(SecurityApi);
  const links = useLoad(
    useCallback(async (): Promise<Links> => {
      const [{ providers }, identities] = await Promise.all([
        new EntryApi(ask).door(),
        api.identities(),
      ]);
      return { providers, identities };
    }, [ask, api]),
  );
  const [leaving, setLeaving] = useState<Identity | null>(null);
  const refusal = useGiven("error");
  const link = useAttempt(async ({ name }: Provider) => {
    window.location.assign(await api.link(name));
  });

  if (links.value && links.value.providers.length + links.value.identities.length === 0) {
    return null;
  }
  return (
    <Block title="Other ways to log in" hint="Accounts at other services that let you in here.">
      {link.problem && <Alert>{link.problem.message}</Alert>}
      {refusal !== null && !link.problem && <Refusal code={refusal} />}
      <Fetched from={links} label="Loading your links" rows={2}>
        {({ identities, providers }) => (
          <Items>
            {identities.map((identity) => (
              <Item
                key={identity.id}
                title={identity.title}
                notes={`${identity.email === null ? "" : `${identity.email}, `}linked ${dayOf(identity.linkedAt)}`}
                tools={
                  <Button look="quiet" onClick={() => setLeaving(identity)}>
                    Unlink<span className="sr-only"> {identity.title}</span>
                  </Button>
                }
              />
            ))}
            {providers.map((provider) => (
              <Item
                key={provider.name}
                title={provider.title}
                notes={
                  identities.some((known) => known.provider === provider.name)
                    ? "Another account there can be linked too."
                    : "Not linked"
                }
                tools={
                  <Button
                    look="quiet"
                    disabled={link.isBusy}
                    onClick={() => void link.run(provider)}
                  >
                    Link<span className="sr-only"> {provider.title}</span>
                  </Button>
                }
              />
            ))}
          </Items>
        )}
      </Fetched>
      {leaving && (
        <Question
          title={`Unlink ${leaving.title}?`}
          yes="Unlink"
          no="Keep it"
          onYes={async () => {
            await api.unlink(leaving.id);
            await links.reload();
          }}
          onClose={() => setLeaving(null)}
        >
          You will not be able to log in with it any more.
        </Question>
      )}
    </Block>
  );
}

/** Whoever comes back from another service is at the top of the page, and this is not. */
function Refusal({ code }: { readonly code: string }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => ref.current?.scrollIntoView({ block: "center" }), []);
  return (
    <div ref={ref}>
      <Alert>{sentenceOfCode(code)}</Alert>
    </div>
  );
}
