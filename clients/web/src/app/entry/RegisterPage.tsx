import { EntryCard } from "#app/entry/EntryCard.tsx";
import { RegistrationForm } from "#app/entry/RegistrationForm.tsx";
import { Anchor } from "#app/ui/Anchor.tsx";

export function RegisterPage() {
  return (
    <EntryCard
      title="Register"
      subtitle="An account on this server, and nowhere else."
      footer={
        <>
          Already registered?{" "}
          <Anchor to="/login" className="font-medium text-accent hover:underline">
            Log in
          </Anchor>
        </>
      }
    >
      <RegistrationForm ownerToken={null} />
    </EntryCard>
  );
}
