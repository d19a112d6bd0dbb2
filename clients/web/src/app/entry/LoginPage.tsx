import { lazy, Suspense, useState } from "react";
import type { Challenge } from "#api/session.ts";
import { givenInAddress, useGiven, useSecret, withInvite } from "#app/entry/address.ts";
import { EntryCard } from "#app/entry/EntryCard.tsx";
import { LoginForm } from "#app/entry/LoginForm.tsx";
import { OtherWays } from "#app/entry/OtherWays.tsx";
import { sentenceOfCode } from "#app/entry/refusals.ts";
import { useDoor } from "#app/entry/useDoor.ts";
import { Anchor } from "#app/ui/Anchor.tsx";

const SecondFactor = lazy(async () => ({
  default: (await import("#app/entry/SecondFactor.tsx")).SecondFactor,
}));

interface Props {
  /** Why the person is here without having asked for it. */
  readonly notice: string | null;
}

export function LoginPage({ notice }: Props) {
  const door = useDoor();
  const [email] = useState(() => givenInAddress("email") ?? "");
  const [challenge, setChallenge] = useState(challengeInAddress);
  const refusal = useGiven("error");
  const invite = useSecret("invite");
  const [said, setSaid] = useState(refusal === null ? null : sentenceOfCode(refusal));

  if (challenge) {
    return (
      <EntryCard key="second" title="One more step">
        <Suspense fallback={null}>
          <SecondFactor
            challenge={challenge}
            onEnd={(sentence) => {
              setChallenge(null);
              setSaid(sentence);
            }}
          />
        </Suspense>
      </EntryCard>
    );
  }
  const footer = (
    <>
      New here?{" "}
      <Anchor
        to={withInvite("/register", invite)}
        className="font-medium text-accent hover:underline"
      >
        Create an account
      </Anchor>
    </>
  );
  return (
    <EntryCard key="first" title="Log in" footer={door.mode === "closed" ? undefined : footer}>
      <LoginForm email={email} notice={notice} refusal={said} onChallenge={setChallenge} />
      <OtherWays providers={door.providers} invite={invite} onChallenge={setChallenge} />
    </EntryCard>
  );
}

/** Whoever comes back from another service may have to show a second factor here. */
function challengeInAddress(): Challenge | null {
  const challenge = givenInAddress("challenge");
  const methods = givenInAddress("methods");
  return challenge === null ? null : { challenge, methods: methods?.split(",") ?? ["totp"] };
}
