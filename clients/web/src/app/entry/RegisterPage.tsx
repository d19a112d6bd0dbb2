import { useGiven } from "#app/entry/address.ts";
import { EntryCard } from "#app/entry/EntryCard.tsx";
import { RegistrationForm } from "#app/entry/RegistrationForm.tsx";
import { useDoor } from "#app/entry/useDoor.ts";
import { Anchor } from "#app/ui/Anchor.tsx";

const FOOTER = (
  <>
    Already registered?{" "}
    <Anchor to="/login" className="font-medium text-accent hover:underline">
      Log in
    </Anchor>
  </>
);

export function RegisterPage() {
  const invite = useGiven("invite");
  const { mode, domains } = useDoor();
  if (mode === "closed") {
    return (
      <EntryCard title="Register" footer={FOOTER}>
        <p>Nobody can register here. Ask whoever runs this server.</p>
      </EntryCard>
    );
  }
  if (mode === "invite" && invite === null) {
    return (
      <EntryCard title="Register" footer={FOOTER}>
        <p>This server takes in those who are invited. Open the link of your invitation.</p>
      </EntryCard>
    );
  }
  return (
    <EntryCard
      title="Register"
      subtitle={
        invite === null ? "An account on this server, and nowhere else." : "You are invited."
      }
      footer={FOOTER}
    >
      <RegistrationForm ownerToken={null} invite={invite} domains={domains} />
    </EntryCard>
  );
}
