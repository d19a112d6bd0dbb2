import { useSecret } from "#app/entry/address.ts";
import { EntryCard } from "#app/entry/EntryCard.tsx";
import { RegistrationCard } from "#app/entry/RegistrationCard.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Anchor } from "#app/ui/Anchor.tsx";

const TITLE = "Set up Hubbub";
const SUBTITLE = "Create the account that owns this server.";
const FOOTER = (
  <>
    Already done?{" "}
    <Anchor to="/login" className="font-medium text-accent hover:underline">
      Log in
    </Anchor>
  </>
);

/**
 * Where the one-time link of a new server leads: the first account is its owner. The token comes
 * behind the `#`, which browsers send to nobody, and is taken out of the address at once.
 */
export function SetupPage() {
  const token = useSecret("token");
  if (token === null) {
    return (
      <EntryCard title={TITLE} subtitle={SUBTITLE} footer={FOOTER}>
        <div className="flex flex-col gap-3">
          <Alert>This link is not complete. Copy it whole from where the server printed it.</Alert>
          <p className="text-sm text-soft">
            If this server has its owner already, the link has done its work: log in, or register as
            everybody else.
          </p>
        </div>
      </EntryCard>
    );
  }
  return (
    <RegistrationCard
      title={TITLE}
      subtitle={SUBTITLE}
      footer={FOOTER}
      ownerToken={token}
      invite={null}
      domains={[]}
      providers={[]}
    />
  );
}
