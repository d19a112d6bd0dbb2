import { useCallback, useState } from "react";
import { AdminApi, type Invite, type NewInvite } from "#api/admin.ts";
import { InviteForm } from "#app/invite/InviteForm.tsx";
import { InvitesBlock } from "#app/invite/InvitesBlock.tsx";
import { Button } from "#app/ui/Button.tsx";
import { CopyField } from "#app/ui/CopyField.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { Field } from "#app/ui/Field.tsx";
import { dayOf, momentOf } from "#app/ui/moments.ts";
import { useApi } from "#app/ui/useApi.ts";

/** Links with which somebody can register where not everybody may. */
export function Invites() {
  const api = useApi(AdminApi);
  const [made, setMade] = useState<NewInvite | null>(null);
  return (
    <>
      <InvitesBlock
        hint="A link that lets people register here, also where not everybody may."
        load={useCallback(() => api.invites(), [api])}
        revoke={(id) => api.revoke(id)}
        isGood={({ state }) => state === "good"}
        notesOf={({ madeAt, expiresAt, state }) =>
          `Made ${momentOf(madeAt)}, ${STATES[state]} ${dayOf(expiresAt)}`
        }
        form={(onClose, onMade) => (
          <MakeInvite
            onClose={onClose}
            onMade={(invite) => {
              onMade();
              setMade(invite);
            }}
          />
        )}
      />
      {made && <InviteSheet invite={made} onClose={() => setMade(null)} />}
    </>
  );
}

/** What stands before the day until which it is good. */
const STATES: Readonly<Record<Invite["state"], string>> = {
  good: "good until",
  used_up: "used up, was good until",
  expired: "expired",
  revoked: "revoked, was good until",
};

interface NewProps {
  readonly onClose: () => void;
  readonly onMade: (invite: NewInvite) => void;
}

function MakeInvite({ onClose, onMade }: NewProps) {
  const api = useApi(AdminApi);
  const [email, setEmail] = useState("");
  return (
    <InviteForm
      onClose={onClose}
      make={async (limits) => onMade(await api.invite(limits, email.trim()))}
    >
      {(faults) => (
        <Field
          label="E-mail"
          type="email"
          hint="Optional: where the link is sent, if this server sends mail."
          value={email}
          fault={faults.email}
          onChange={(event) => setEmail(event.target.value)}
        />
      )}
    </InviteForm>
  );
}

interface SheetProps {
  readonly invite: NewInvite;
  readonly onClose: () => void;
}

function InviteSheet({ invite, onClose }: SheetProps) {
  return (
    <Dialog title="Your invitation" onClose={onClose} isFirm>
      <p className="pb-4 text-sm text-soft">
        {invite.isSent && "It was sent by e-mail. "}
        Copy the link now if you want to pass it on: it is not shown again. Whoever has it can
        register.
      </p>
      <CopyField label="Invitation" value={invite.link} />
      <Button className="mt-2 w-full" onClick={onClose}>
        I have copied it
      </Button>
    </Dialog>
  );
}
