import { useCallback } from "react";
import { DeskApi } from "#api/desk.ts";
import { useApp, useAppState } from "#app/context.ts";
import { Blocking } from "#app/people/Blocking.tsx";
import { LastSeen } from "#app/people/LastSeen.tsx";
import { Moderating } from "#app/people/Moderating.tsx";
import { ROLE_WORDS } from "#app/people/standing.ts";
import { navigate, pathOfRoom } from "#app/router.ts";
import { Avatar } from "#app/ui/Avatar.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { Fetched } from "#app/ui/Fetched.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useLoad } from "#app/ui/useLoad.ts";
import { readerOf } from "#state/hearing.ts";
import type { Person } from "#wire/shapes.ts";

interface Props {
  readonly person: Person;
  /** The room in which they are looked at. */
  readonly roomId: string;
  /** Their role there; null for somebody who is not in it, `unknown` where nobody has looked. */
  readonly roleThere: string | null;
  /** The server has taken something that was done to them. */
  readonly onChange: () => void;
  readonly onClose: () => void;
}

/** Somebody, and all that the reader may do about them. */
export function PersonDialog({ person, roomId, roleThere, onChange, onClose }: Props) {
  const api = useApi(DeskApi);
  const me = useAppState(readerOf);
  const rights = useLoad(useCallback(() => api.rights(roomId), [api, roomId]));

  function done(): void {
    onChange();
    onClose();
  }

  return (
    <Dialog title={person.name} onClose={onClose}>
      <div className="mb-4 flex items-center gap-3">
        <Avatar person={person} className="size-10 text-sm" />
        <p className="text-sm text-soft">
          {roleThere === null ? "Not in this room" : ROLE_WORDS[roleThere]}
          {person.kind === "bot" && ", a program"}
          {person.kind === "user" && person.id !== me && <LastSeen personId={person.id} />}
        </p>
        {person.kind === "user" && person.id !== me && <WriteTo person={person} />}
      </div>
      {person.id !== me && (
        <div className="flex flex-col gap-5">
          <Fetched from={rights} label="Loading what you may do" rows={2}>
            {(allowed) => (
              <Moderating
                person={person}
                roomId={roomId}
                roleThere={roleThere}
                rights={allowed}
                onDone={done}
              />
            )}
          </Fetched>
          {person.kind === "user" && <Blocking person={person} />}
        </div>
      )}
    </Dialog>
  );
}

function WriteTo({ person }: { readonly person: Person }) {
  const { lobby } = useApp();

  async function open(): Promise<void> {
    const room = await lobby.talkTo(person);
    if (room) navigate(pathOfRoom(room.id));
  }

  return (
    <Button look="quiet" className="ml-auto shrink-0" onClick={() => void open()}>
      Write to them
    </Button>
  );
}
