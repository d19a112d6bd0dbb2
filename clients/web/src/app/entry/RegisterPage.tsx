import { useSecret, withInvite } from "#app/entry/address.ts";
import { EntryCard } from "#app/entry/EntryCard.tsx";
import { RegistrationCard } from "#app/entry/RegistrationCard.tsx";
import { useDoor } from "#app/entry/useDoor.ts";
import { Anchor } from "#app/ui/Anchor.tsx";

export function RegisterPage() {
  const invite = useSecret("invite");
  const { mode, domains, providers } = useDoor();
  const footer = (
    <>
      Already registered?{" "}
      <Anchor to={withInvite("/login", invite)} className="font-medium text-accent hover:underline">
        Log in
      </Anchor>
    </>
  );
  if (mode === "closed") {
    return (
      <EntryCard title="Register" footer={footer}>
        <p>Nobody can register here. Ask whoever runs this server.</p>
      </EntryCard>
    );
  }
  if (mode === "invite" && invite === null) {
    return (
      <EntryCard title="Register" footer={footer}>
        <p>This server takes in those who are invited. Open the link of your invitation.</p>
      </EntryCard>
    );
  }
  return (
    <RegistrationCard
      title="Register"
      subtitle={
        invite === null ? "An account on this server, and nowhere else." : "You are invited."
      }
      footer={footer}
      ownerToken={null}
      invite={invite}
      domains={domains}
      providers={providers}
    />
  );
}
