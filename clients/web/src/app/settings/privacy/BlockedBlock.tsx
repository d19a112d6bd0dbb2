import { useCallback } from "react";
import type { Blocked } from "#api/blocks.ts";
import { useApp } from "#app/context.ts";
import { Block } from "#app/settings/Block.tsx";
import { Item, Items } from "#app/settings/Items.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Avatar } from "#app/ui/Avatar.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Fetched } from "#app/ui/Fetched.tsx";
import { dayOf } from "#app/ui/moments.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useLoad } from "#app/ui/useLoad.ts";

/** Whom the reader does not want to hear. */
export function BlockedBlock() {
  const { blocking } = useApp();
  const blocked = useLoad(useCallback(() => blocking.all(), [blocking]));
  const { isBusy, problem, run } = useAttempt(async ({ person }: Blocked) => {
    await blocking.set(person.id, false);
    await blocked.reload();
  });
  return (
    <Block
      title="Blocked people"
      hint="Whom you block cannot write to you, and their messages in your rooms are folded. Block somebody by pressing their name in a room. They are not told."
    >
      {problem && <Alert>{problem.message}</Alert>}
      <Fetched from={blocked} label="Loading whom you have blocked" rows={3}>
        {(known) =>
          known.length === 0 ? (
            <p className="text-sm text-soft">You have blocked nobody.</p>
          ) : (
            <Items>
              {known.map((one) => (
                <Item
                  key={one.person.id}
                  picture={<Avatar person={one.person} className="size-8 text-xs" />}
                  title={<bdi>{one.person.name}</bdi>}
                  notes={`Since ${dayOf(one.since)}`}
                  tools={
                    <Button look="quiet" disabled={isBusy} onClick={() => void run(one)}>
                      Unblock<span className="sr-only"> {one.person.name}</span>
                    </Button>
                  }
                />
              ))}
            </Items>
          )
        }
      </Fetched>
    </Block>
  );
}
