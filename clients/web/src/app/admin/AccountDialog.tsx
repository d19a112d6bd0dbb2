import { useState } from "react";
import { type Account, AdminApi } from "#api/admin.ts";
import type { SystemRole } from "#api/me.ts";
import { useMe } from "#app/settings/me.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Dialog } from "#app/ui/Dialog.tsx";
import { Question } from "#app/ui/Question.tsx";
import { Radio } from "#app/ui/Radio.tsx";
import { Saved } from "#app/ui/Saved.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import type { AccountChange } from "#wire/generated/http.ts";

interface Props {
  readonly account: Account;
  readonly onClose: () => void;
  /** How it is now; null: it is erased. */
  readonly onChange: (account: Account | null) => void;
}

/** What can be done about somebody: with those above oneself, nothing. */
export function AccountDialog({ account: given, onClose, onChange }: Props) {
  const api = useApi(AdminApi);
  const { me } = useMe();
  const [account, setAccount] = useState(given);
  const [said, setSaid] = useState("");
  const [isErasing, setIsErasing] = useState(false);

  function become(now: Account, sentence: string): void {
    setAccount(now);
    onChange(now);
    setSaid(sentence);
  }

  const change = useAttempt(async (wish: AccountChange, sentence: string) => {
    setSaid("");
    await api.change(account.id, wish);
    const role = wish.system_role ?? account.role;
    const isDisabled = wish.disabled ?? account.isDisabled;
    const sessions = isDisabled ? 0 : account.sessions;
    become({ ...account, role, isDisabled, sessions }, sentence);
  });
  const logOut = useAttempt(async () => {
    setSaid("");
    await api.logOut(account.id);
    become({ ...account, sessions: 0 }, "Logged out on all devices.");
  });

  if (isErasing) {
    return (
      <Question
        title={`Erase ${account.name}?`}
        yes="Erase for good"
        no="Keep the account"
        onYes={async () => {
          await api.erase(account.id);
          onChange(null);
        }}
        onClose={onClose}
      >
        The account and what is theirs on this server are erased. Nobody can bring it back.
      </Question>
    );
  }
  const problem = change.problem ?? logOut.problem;
  const isBusy = change.isBusy || logOut.isBusy;
  return (
    <Dialog title={account.name} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <p className="-mt-2 text-sm text-soft wrap-anywhere">{account.email}</p>
        {problem && <Alert>{problem.message}</Alert>}
        <Radio
          legend="Role"
          name="role"
          value={account.role}
          choices={me.role === "owner" ? ROLES : ROLES.slice(1)}
          onChange={(role) => void change.run({ system_role: role }, "The role is changed.")}
        />
        <div className="flex flex-col gap-2">
          <Button
            look="quiet"
            disabled={isBusy || account.sessions === 0}
            onClick={() => void logOut.run()}
          >
            Log out everywhere
          </Button>
          <Button
            look="quiet"
            disabled={isBusy}
            onClick={() =>
              void change.run(
                { disabled: !account.isDisabled },
                account.isDisabled
                  ? "They can log in again."
                  : "Blocked, and logged out on all devices.",
              )
            }
          >
            {account.isDisabled ? "Let them in again" : "Block this account"}
          </Button>
          {me.role === "owner" && (
            <Button look="danger" onClick={() => setIsErasing(true)}>
              Erase this account
            </Button>
          )}
        </div>
        <Saved>{said}</Saved>
      </div>
    </Dialog>
  );
}

const ROLES: readonly (readonly [SystemRole, string, string])[] = [
  ["owner", "Owner", "Everything, admins included"],
  ["admin", "Admin", "People, rooms and registration"],
  ["member", "Member", "No more than everybody"],
];
