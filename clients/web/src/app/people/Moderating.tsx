import type { Rights } from "#api/desk.ts";
import { MembersApi } from "#api/members.ts";
import { Banning } from "#app/people/Banning.tsx";
import { Muting } from "#app/people/Muting.tsx";
import { RoleChoice } from "#app/people/RoleChoice.tsx";
import { standsAbove } from "#app/people/standing.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import type { Person } from "#wire/shapes.ts";

export interface ModeratingProps {
  readonly person: Person;
  readonly roomId: string;
  /** Their role in the room; null for somebody who is not in it. */
  readonly roleThere: string | null;
  readonly rights: Rights;
  readonly onDone: () => void;
}

/** What those do who look after a room; only what the reader may do is there. */
export function Moderating(props: ModeratingProps) {
  const { person, roomId, roleThere, rights, onDone } = props;
  const api = useApi(MembersApi);
  const removing = useAttempt(async () => {
    await api.remove(roomId, person.id);
    onDone();
  });
  if (!standsAbove(rights.role, roleThere)) return null;
  const isIn = roleThere !== null;
  return (
    <>
      {isIn && rights.has("change_role") && <RoleChoice {...props} />}
      {isIn && rights.has("mute") && <Muting {...props} />}
      {isIn && rights.has("remove_member") && (
        <section>
          {removing.problem && <Alert>{removing.problem.message}</Alert>}
          <Button look="quiet" disabled={removing.isBusy} onClick={() => void removing.run()}>
            Remove from this room
          </Button>
          {person.kind === "guest" && (
            <p className="mt-1.5 text-sm text-soft">They may come in again with the link.</p>
          )}
        </section>
      )}
      {rights.has("ban") && <Banning {...props} />}
    </>
  );
}
