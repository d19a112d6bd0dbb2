import { useCallback, useState } from "react";
import { AdminApi, type Invite, type NewInvite } from "#api/admin.ts";
import { Block } from "#app/settings/Block.tsx";
import { Item, Items } from "#app/settings/Items.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { CopyField } from "#app/ui/CopyField.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { Fetched } from "#app/ui/Fetched.tsx";
import { Field } from "#app/ui/Field.tsx";
import { dayOf, momentOf } from "#app/ui/moments.ts";
import { Select } from "#app/ui/Select.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useLoad } from "#app/ui/useLoad.ts";
import { useSubmission } from "#app/ui/useSubmission.ts";

/** Links with which somebody can register where not everybody may. */
export function Invites() {
  const api = useApi(AdminApi);
  const invites = useLoad(useCallback(() => api.invites(), [api]));
  const [isMaking, setIsMaking] = useState(false);
  const [made, setMade] = useState<NewInvite | null>(null);
  const revoking = useAttempt(async (invite: Invite) => {
    await api.revoke(invite.id);
    await invites.reload();
  });
  return (
    <Block
      title="Invitations"
      hint="A link that lets people register here, also where not everybody may."
      tool={
        <Button look="quiet" onClick={() => setIsMaking(true)}>
          New invitation
        </Button>
      }
    >
      {revoking.problem && <Alert>{revoking.problem.message}</Alert>}
      <Fetched from={invites} label="Loading invitations" rows={2}>
        {(known) =>
          known.length === 0 ? (
            <p className="text-sm text-soft">None is open.</p>
          ) : (
            <Items>
              {known.map((invite) => (
                <Item
                  key={invite.id}
                  title={`Used by ${invite.uses} of ${invite.maxUses}`}
                  notes={`Made ${momentOf(invite.madeAt)}, ${STATES[invite.state]} ${dayOf(invite.expiresAt)}`}
                  tools={
                    invite.state === "good" && (
                      <Button
                        look="quiet"
                        disabled={revoking.isBusy}
                        onClick={() => void revoking.run(invite)}
                      >
                        Revoke
                        <span className="sr-only">
                          {" "}
                          the invitation of {momentOf(invite.madeAt)}
                        </span>
                      </Button>
                    )
                  }
                />
              ))}
            </Items>
          )
        }
      </Fetched>
      {isMaking && (
        <MakeInvite
          onClose={() => setIsMaking(false)}
          onMade={(invite) => {
            setIsMaking(false);
            setMade(invite);
            void invites.reload();
          }}
        />
      )}
      {made && <InviteSheet invite={made} onClose={() => setMade(null)} />}
    </Block>
  );
}

/** What stands before the day until which it is good. */
const STATES: Readonly<Record<Invite["state"], string>> = {
  good: "good until",
  used_up: "used up, was good until",
  expired: "expired",
  revoked: "revoked, was good until",
};

const DAY_S = 86_400;
const LIVES = [
  ["1", "A day"],
  ["7", "A week"],
  ["30", "A month"],
] as const;
type Life = (typeof LIVES)[number][0];

interface NewProps {
  readonly onClose: () => void;
  readonly onMade: (invite: NewInvite) => void;
}

function MakeInvite({ onClose, onMade }: NewProps) {
  const api = useApi(AdminApi);
  const [uses, setUses] = useState("1");
  const [email, setEmail] = useState("");
  const [life, setLife] = useState<Life>("7");
  const { isBusy, problem, run } = useAttempt(async () =>
    onMade(
      await api.invite({
        maxUses: Number(uses),
        lifeS: Number(life) * DAY_S,
        email: email.trim(),
      }),
    ),
  );
  const { onSubmit } = useSubmission(async () => {
    await run();
  });
  return (
    <Dialog title="New invitation" onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {problem && Object.keys(problem.fields).length === 0 && <Alert>{problem.message}</Alert>}
        <Field
          label="How many people it is for"
          type="number"
          min={1}
          required
          value={uses}
          fault={problem?.fields.max_uses}
          onChange={(event) => setUses(event.target.value)}
        />
        <Field
          label="E-mail"
          type="email"
          hint="Optional: where the link is sent, if this server sends mail."
          value={email}
          fault={problem?.fields.email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Select label="It is good for" value={life} choices={LIVES} onChange={setLife} />
        <Button type="submit" disabled={isBusy}>
          Make the link
        </Button>
      </form>
    </Dialog>
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
