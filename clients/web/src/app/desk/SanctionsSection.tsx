import { useCallback } from "react";
import { MembersApi, type Sanction, type SanctionKind } from "#api/members.ts";
import type { DeskProps } from "#app/desk/desk.ts";
import { Block } from "#app/settings/Block.tsx";
import { Item, Items } from "#app/settings/Items.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Avatar } from "#app/ui/Avatar.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Listing } from "#app/ui/Listing.tsx";
import { momentOf } from "#app/ui/moments.ts";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { usePages } from "#app/ui/usePages.ts";

/** Who is kept out of the room, and who may not write in it. */
export function SanctionsSection({ kept, rights }: DeskProps) {
  const { id } = kept.room;
  return (
    <>
      <List
        kind="bans"
        roomId={id}
        title="Banned"
        hint="They do not come in again."
        none="Nobody is banned."
        lift="Lift the ban"
        mayLift={rights.has("ban")}
      />
      <List
        kind="mutes"
        roomId={id}
        title="Muted"
        hint="They read and do not write."
        none="Nobody is muted."
        lift="Let them write"
        mayLift={rights.has("mute")}
      />
    </>
  );
}

interface ListProps {
  readonly kind: SanctionKind;
  readonly roomId: string;
  readonly title: string;
  readonly hint: string;
  readonly none: string;
  readonly lift: string;
  readonly mayLift: boolean;
}

function List({ kind, roomId, title, hint, none, lift, mayLift }: ListProps) {
  const api = useApi(MembersApi);
  const known = usePages(
    useCallback(
      (cursor: string | null) => api.sanctions(kind, roomId, cursor),
      [api, kind, roomId],
    ),
  );
  const lifting = useAttempt(async ({ person }: Sanction) => {
    await api.lift(kind, roomId, person.id);
    known.change((items) => items.filter((one) => one.person.id !== person.id));
  });
  return (
    <Block title={title} hint={hint}>
      {lifting.problem && <Alert>{lifting.problem.message}</Alert>}
      <Listing of={known} label={`Loading who is ${title.toLowerCase()}`} none={none}>
        {(items) => (
          <Items>
            {items.map((one) => (
              <Item
                key={one.person.id}
                picture={<Avatar person={one.person} className="size-8 text-xs" />}
                title={<bdi>{one.person.name}</bdi>}
                notes={notesOf(one)}
                tools={
                  mayLift && (
                    <Button
                      look="quiet"
                      disabled={lifting.isBusy}
                      onClick={() => void lifting.run(one)}
                    >
                      {lift}
                      <span className="sr-only">: {one.person.name}</span>
                    </Button>
                  )
                }
              />
            ))}
          </Items>
        )}
      </Listing>
    </Block>
  );
}

function notesOf({ until, reason }: Sanction): string {
  const end = until === null ? "Until it is lifted" : `Until ${momentOf(until)}`;
  return reason === "" ? end : `${end}. ${reason}`;
}
