import { useCallback, useEffect, useRef, useState } from "react";
import { DeskApi, type GuestSeen } from "#api/desk.ts";
import { useApp, useAppState } from "#app/context.ts";
import { shortlyOf } from "#app/conversation/time.ts";
import { MuteTag } from "#app/people/MuteTag.tsx";
import { PersonDialog } from "#app/people/PersonDialog.tsx";
import { rosterOf } from "#app/rooms/standing.ts";
import { Block } from "#app/settings/Block.tsx";
import { Item, Items } from "#app/settings/Items.tsx";
import { Avatar } from "#app/ui/Avatar.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Fetched } from "#app/ui/Fetched.tsx";
import { STANDING_WORDS } from "#app/ui/PresenceDot.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useLoad } from "#app/ui/useLoad.ts";
import { EMPTY_CONVERSATION } from "#state/model.ts";
import { type Standing, standingIn } from "#state/roster.ts";

interface Props {
  readonly roomId: string;
  readonly isClosed: boolean;
}

/** Who is in by an alias, as they come and go. */
export function GuestList({ roomId, isClosed }: Props) {
  const api = useApi(DeskApi);
  const loaded = useLoad(useCallback(() => api.guests(roomId), [api, roomId]));
  const [managed, setManaged] = useState<GuestSeen | null>(null);
  const { standings } = useLive(roomId, isClosed, loaded.reload);
  const guests = loaded.value;
  return (
    <Block title={guests === null ? "Guests" : `Guests · ${guests.length}`}>
      <Fetched from={loaded} label="Loading the guests" rows={3}>
        {(known) =>
          known.length === 0 ? (
            <p className="text-sm text-soft">Nobody is in.{!isClosed && " Send them the link."}</p>
          ) : (
            <Items>
              {known.map((guest) => (
                <GuestItem
                  key={guest.person.id}
                  guest={guest}
                  standing={standings(guest.person.id)}
                  onManage={() => setManaged(guest)}
                />
              ))}
            </Items>
          )
        }
      </Fetched>
      {managed && (
        <PersonDialog
          person={managed.person}
          roomId={roomId}
          roleThere="guest"
          onChange={() => void loaded.reload()}
          onClose={() => setManaged(null)}
        />
      )}
    </Block>
  );
}

interface ItemProps {
  readonly guest: GuestSeen;
  readonly standing: Standing;
  readonly onManage: () => void;
}

function GuestItem({ guest, standing, onManage }: ItemProps) {
  const { person, since, mute } = guest;
  const known = standing === "unknown" ? "" : `${STANDING_WORDS[standing]}, `;
  return (
    <Item
      picture={<Avatar person={person} className="size-8 text-xs" />}
      title={
        <>
          <bdi>{person.name}</bdi>
          <MuteTag mute={mute} />
        </>
      }
      notes={`${known}here since ${shortlyOf(since, Date.now())}`}
      tools={
        <Button look="quiet" onClick={onManage}>
          Manage<span className="sr-only"> {person.name}</span>
        </Button>
      }
    />
  );
}

/** Hear the room while this is shown, and read the list again when somebody came, went or changed. */
function useLive(roomId: string, isClosed: boolean, reload: () => Promise<void>) {
  const { conversations } = useApp();
  const { members, roster } = useAppState(
    (state) => state.conversations[roomId] ?? EMPTY_CONVERSATION,
  );
  const shown = useAppState((state) => rosterOf(state, roster));
  const presence = useAppState((state) => state.presence);
  const before = useRef({ members, isClosed });

  useEffect(() => {
    conversations.open(roomId);
    return () => conversations.close(roomId);
  }, [conversations, roomId]);

  useEffect(() => {
    const { current } = before;
    if (current.members === members && current.isClosed === isClosed) return;
    before.current = { members, isClosed };
    void reload();
  }, [members, isClosed, reload]);

  return { standings: (id: string) => standingIn(shown, id, presence[id]) };
}
