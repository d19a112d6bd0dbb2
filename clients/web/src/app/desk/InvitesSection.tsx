import { useCallback, useState } from "react";
import { type InviteLimits, type RoomInvite, RoomInvitesApi } from "#api/invites.ts";
import type { DeskProps } from "#app/desk/desk.ts";
import { InviteForm } from "#app/invite/InviteForm.tsx";
import { InvitesBlock } from "#app/invite/InvitesBlock.tsx";
import { ROLE_WORDS } from "#app/people/standing.ts";
import { pathOfInvite } from "#app/router.ts";
import { CopyField } from "#app/ui/CopyField.tsx";
import { momentOf } from "#app/ui/moments.ts";
import { Select } from "#app/ui/Select.tsx";
import { useApi } from "#app/ui/useApi.ts";

/** Links that bring people with accounts into the room. */
export function InvitesSection({ kept, rights }: DeskProps) {
  const { id } = kept.room;
  const api = useApi(RoomInvitesApi);
  return (
    <InvitesBlock
      hint="Whoever has the link and an account here comes in with it."
      load={useCallback(() => api.of(id), [api, id])}
      revoke={(inviteId) => api.revoke(inviteId)}
      isGood={() => true}
      notesOf={notesOf}
      linkOf={linkOf}
      form={(onClose, onMade) => (
        <NewInvite roomId={id} mayNameAdmins={rights.role === "owner"} {...{ onClose, onMade }} />
      )}
    />
  );
}

const ROLES = [
  ["member", "Member"],
  ["admin", "Admin"],
] as const;
type Role = (typeof ROLES)[number][0];

interface NewProps {
  readonly roomId: string;
  readonly mayNameAdmins: boolean;
  readonly onClose: () => void;
  readonly onMade: () => void;
}

function NewInvite({ roomId, mayNameAdmins, onClose, onMade }: NewProps) {
  const api = useApi(RoomInvitesApi);
  const [role, setRole] = useState<Role>("member");

  async function make(limits: InviteLimits): Promise<void> {
    await api.make(roomId, { ...limits, role });
    onMade();
  }

  return (
    <InviteForm mayBeEndless make={make} onClose={onClose}>
      {() =>
        mayNameAdmins && (
          <Select label="They come in as" value={role} choices={ROLES} onChange={setRole} />
        )
      }
    </InviteForm>
  );
}

function notesOf({ madeBy, madeAt, expiresAt, role }: RoomInvite) {
  const until = expiresAt === null ? "" : `, good until ${momentOf(expiresAt)}`;
  const as = role === "member" ? "" : `, as ${ROLE_WORDS[role] ?? role}`;
  return (
    <>
      Made {momentOf(madeAt)} by <bdi>{madeBy.name}</bdi>
      {until}
      {as}
    </>
  );
}

/** A server may not be able to show it again. */
function linkOf({ code, madeBy, madeAt }: RoomInvite) {
  if (code === null) return null;
  const link = `${window.location.origin}${pathOfInvite(code)}`;
  return (
    <div className="mt-2 -mb-3">
      <CopyField label={`Invitation by ${madeBy.name}, ${momentOf(madeAt)}`} value={link} />
    </div>
  );
}
