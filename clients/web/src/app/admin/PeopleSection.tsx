import { useCallback, useState } from "react";
import { type Account, AdminApi } from "#api/admin.ts";
import type { SystemRole } from "#api/me.ts";
import { AccountDialog } from "#app/admin/AccountDialog.tsx";
import { Item, Items, Tag } from "#app/settings/Items.tsx";
import { useMe } from "#app/settings/me.ts";
import { Avatar } from "#app/ui/Avatar.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Listing } from "#app/ui/Listing.tsx";
import { momentOf } from "#app/ui/moments.ts";
import { SearchBox } from "#app/ui/SearchBox.tsx";
import { Select } from "#app/ui/Select.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { usePages } from "#app/ui/usePages.ts";

type RoleChoice = SystemRole | "";
type StateChoice = "" | "active" | "disabled";

/** Everybody who has an account here. */
export function PeopleSection() {
  const api = useApi(AdminApi);
  const { me } = useMe();
  const [words, setWords] = useState("");
  const [role, setRole] = useState<RoleChoice>("");
  const [state, setState] = useState<StateChoice>("");
  const [chosen, setChosen] = useState<Account | null>(null);
  const wanted = words.trim();
  const people = usePages(
    useCallback(
      (cursor: string | null) => {
        const isDisabled = state === "" ? null : state === "disabled";
        return api.people({ words: wanted, role: role || null, isDisabled }, cursor);
      },
      [api, wanted, role, state],
    ),
  );
  return (
    <>
      <div className="flex flex-wrap items-end gap-3 pt-2 pb-5">
        <SearchBox
          label="Name or e-mail"
          value={words}
          onChange={setWords}
          className="grow basis-60"
        />
        <Select label="Role" className="w-32" value={role} choices={ROLES} onChange={setRole} />
        <Select label="State" className="w-32" value={state} choices={STATES} onChange={setState} />
      </div>
      <Listing of={people} label="Loading people" none="Nobody matches.">
        {(known) => (
          <Items>
            {known.map((account) => (
              <AccountItem
                key={account.id}
                account={account}
                isMe={account.id === me.id}
                onOpen={() => setChosen(account)}
              />
            ))}
          </Items>
        )}
      </Listing>
      {chosen && (
        <AccountDialog
          account={chosen}
          onClose={() => setChosen(null)}
          onChange={(now) =>
            people.change((before) =>
              before.flatMap((one) => (one.id === chosen.id ? (now ? [now] : []) : [one])),
            )
          }
        />
      )}
    </>
  );
}

interface Props {
  readonly account: Account;
  readonly isMe: boolean;
  readonly onOpen: () => void;
}

function AccountItem({ account, isMe, onOpen }: Props) {
  return (
    <Item
      picture={<Avatar person={account} className="size-9 text-sm" />}
      title={
        <>
          <bdi>{account.name}</bdi>
          {account.role !== "member" && <Tag>{account.role === "owner" ? "Owner" : "Admin"}</Tag>}
          {account.isDisabled && <Tag>Blocked</Tag>}
          {isMe && <Tag>You</Tag>}
        </>
      }
      notes={notesOf(account)}
      tools={
        !isMe && (
          <Button look="quiet" onClick={onOpen}>
            Manage<span className="sr-only"> {account.name}</span>
          </Button>
        )
      }
    />
  );
}

function notesOf({ email, usedAt, sessions }: Account): string {
  const seen = usedAt === null ? "never logged in" : `last here ${momentOf(usedAt)}`;
  const devices = sessions === 1 ? "1 device" : `${sessions} devices`;
  return [email, seen, sessions > 0 ? devices : null].filter((word) => word !== null).join(", ");
}

const ROLES: readonly (readonly [RoleChoice, string])[] = [
  ["", "Any"],
  ["owner", "Owners"],
  ["admin", "Admins"],
  ["member", "Members"],
];

const STATES: readonly (readonly [StateChoice, string])[] = [
  ["", "Any"],
  ["active", "Active"],
  ["disabled", "Blocked"],
];
