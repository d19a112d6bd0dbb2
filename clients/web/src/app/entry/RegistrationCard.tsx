import { type ReactNode, useState } from "react";
import type { Provider } from "#api/entry.ts";
import { EntryCard } from "#app/entry/EntryCard.tsx";
import { OtherWays } from "#app/entry/OtherWays.tsx";
import { RegistrationForm } from "#app/entry/RegistrationForm.tsx";
import { SendAgain } from "#app/entry/SendAgain.tsx";
import { Button } from "#app/ui/Button.tsx";

interface Props {
  readonly title: string;
  readonly subtitle: string;
  readonly footer: ReactNode;
  readonly ownerToken: string | null;
  /** What the link of an invitation says. */
  readonly invite: string | null;
  /** Of which the address must be; empty for any. */
  readonly domains: readonly string[];
  /** Other places that vouch for somebody new. */
  readonly providers: readonly Provider[];
}

/** Asks who somebody is, and then for a look into their inbox, where the server wants one. */
export function RegistrationCard({ title, subtitle, footer, providers, ...form }: Props) {
  const [sentTo, setSentTo] = useState<string | null>(null);
  const isSent = sentTo !== null;
  return (
    <EntryCard
      title={isSent ? "Look into your inbox" : title}
      subtitle={isSent ? undefined : subtitle}
      footer={footer}
    >
      {isSent && <MailSent email={sentTo} onBack={() => setSentTo(null)} />}
      {/* What was written stays, for whoever has to mend it. */}
      <div hidden={isSent}>
        <RegistrationForm {...form} onMail={setSentTo} />
        <OtherWays providers={providers} invite={form.invite} onChallenge={null} />
      </div>
    </EntryCard>
  );
}

interface SentProps {
  readonly email: string;
  readonly onBack: () => void;
}

function MailSent({ email, onBack }: SentProps) {
  return (
    <div className="flex flex-col gap-4">
      <p role="status">
        We have sent a mail to <strong className="font-semibold wrap-anywhere">{email}</strong>.
        Follow the link in it, then log in.
      </p>
      <div className="flex flex-wrap items-start gap-2">
        <SendAgain email={email} />
        <Button look="quiet" onClick={onBack}>
          Change the address
        </Button>
      </div>
    </div>
  );
}
