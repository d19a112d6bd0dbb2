import { useCallback, useState } from "react";
import { type MemberSearch, type MemberSeen, MembersApi } from "#api/members.ts";
import { useAppState } from "#app/context.ts";
import type { DeskProps } from "#app/desk/desk.ts";
import { MuteTag } from "#app/people/MuteTag.tsx";
import { PersonDialog } from "#app/people/PersonDialog.tsx";
import { ROLE_WORDS } from "#app/people/standing.ts";
import { Item, Items, Tag } from "#app/settings/Items.tsx";
import { Avatar } from "#app/ui/Avatar.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Listing } from "#app/ui/Listing.tsx";
import { SearchBox } from "#app/ui/SearchBox.tsx";
import { Select } from "#app/ui/Select.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { usePages } from "#app/ui/usePages.ts";
import { readerOf } from "#state/hearing.ts";

const ROLES = [
  ["", "All"],
  ["owner", "Owners"],
  ["admin", "Admins"],
  ["member", "Members"],
  ["guest", "Guests"],
] as const;
type Role = (typeof ROLES)[number][0];

/** Who is in, however many they are. */
export function MembersSection({ kept }: DeskProps) {
  const api = useApi(MembersApi);
  const [words, setWords] = useState("");
  const [role, setRole] = useState<Role>("");
  const [managed, setManaged] = useState<MemberSeen | null>(null);
  const { id } = kept.room;
  const found = usePages(
    useCallback(
      (cursor: string | null) => {
        const search: MemberSearch = { words: words.trim(), role: role || null };
        return api.find(id, search, cursor);
      },
      [api, id, words, role],
    ),
  );
  return (
    <>
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <SearchBox
          label="Search members"
          className="grow basis-56"
          value={words}
          onChange={setWords}
        />
        <Select label="Role" className="basis-36" value={role} choices={ROLES} onChange={setRole} />
      </div>
      <Listing of={found} label="Loading members" none="Nobody matches.">
        {(members) => (
          <Items>
            {members.map((member) => (
              <MemberLine
                key={member.person.id}
                member={member}
                onManage={() => setManaged(member)}
              />
            ))}
          </Items>
        )}
      </Listing>
      {managed && (
        <PersonDialog
          person={managed.person}
          roomId={id}
          roleThere={managed.role}
          onChange={found.reload}
          onClose={() => setManaged(null)}
        />
      )}
    </>
  );
}

interface LineProps {
  readonly member: MemberSeen;
  readonly onManage: () => void;
}

function MemberLine({ member: { person, role, mute }, onManage }: LineProps) {
  const me = useAppState(readerOf);
  return (
    <Item
      picture={<Avatar person={person} className="size-8 text-xs" />}
      title={
        <>
          <bdi>{person.name}</bdi>
          {role !== "member" && <Tag>{ROLE_WORDS[role] ?? role}</Tag>}
          <MuteTag mute={mute} />
        </>
      }
      tools={
        person.id === me ? (
          <span className="text-sm text-soft">You</span>
        ) : (
          <Button look="quiet" onClick={onManage}>
            Manage<span className="sr-only"> {person.name}</span>
          </Button>
        )
      }
    />
  );
}
