import { type ReactNode, useState } from "react";
import { Block } from "#app/settings/Block.tsx";
import { Item, Items } from "#app/settings/Items.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Fetched } from "#app/ui/Fetched.tsx";
import { momentOf } from "#app/ui/moments.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useLoad } from "#app/ui/useLoad.ts";

/** What the invitations to a server and to a room share. */
interface Invite {
  readonly id: string;
  readonly uses: number;
  /** Null: as many as come. */
  readonly maxUses: number | null;
  readonly madeAt: string;
}

interface Props<T extends Invite> {
  readonly hint: string;
  /** It must stay the same between renders. */
  readonly load: () => Promise<readonly T[]>;
  readonly revoke: (id: string) => Promise<void>;
  readonly isGood: (invite: T) => boolean;
  readonly notesOf: (invite: T) => ReactNode;
  readonly linkOf?: (invite: T) => ReactNode;
  /** Asks what a new one is to be good for. */
  readonly form: (onClose: () => void, onMade: () => void) => ReactNode;
}

/** Links with which somebody comes in: those that there are, and the way to one more. */
export function InvitesBlock<T extends Invite>(props: Props<T>) {
  const { hint, load, revoke, isGood, notesOf, linkOf, form } = props;
  const invites = useLoad(load);
  const [isMaking, setIsMaking] = useState(false);
  const revoking = useAttempt(async (id: string) => {
    await revoke(id);
    await invites.reload();
  });

  function close(): void {
    setIsMaking(false);
  }

  function made(): void {
    close();
    void invites.reload();
  }

  return (
    <Block
      title="Invitations"
      hint={hint}
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
                  title={usesOf(invite)}
                  notes={notesOf(invite)}
                  tools={
                    isGood(invite) && (
                      <Button
                        look="quiet"
                        disabled={revoking.isBusy}
                        onClick={() => void revoking.run(invite.id)}
                      >
                        Revoke
                        <span className="sr-only">
                          {" "}
                          the invitation of {momentOf(invite.madeAt)}
                        </span>
                      </Button>
                    )
                  }
                >
                  {linkOf?.(invite)}
                </Item>
              ))}
            </Items>
          )
        }
      </Fetched>
      {isMaking && form(close, made)}
    </Block>
  );
}

function usesOf({ uses, maxUses }: Invite): string {
  if (maxUses !== null) return `Used by ${uses} of ${maxUses}`;
  return uses === 0 ? "Used by nobody yet" : `Used by ${uses}`;
}
