import { useCallback, useState } from "react";
import { LastSeenApi, type LastSeenTo } from "#api/lastseen.ts";
import { Block } from "#app/settings/Block.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Fetched } from "#app/ui/Fetched.tsx";
import { Radio } from "#app/ui/Radio.tsx";
import { Saved } from "#app/ui/Saved.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useLoad } from "#app/ui/useLoad.ts";

/** Who learns when the reader was here. */
export function LastSeenBlock() {
  const api = useApi(LastSeenApi);
  const loaded = useLoad(useCallback(() => api.get(), [api]));
  const [said, setSaid] = useState("");
  const { problem, run } = useAttempt((to: LastSeenTo) => api.show(to));

  /** What was chosen shows at once, and is taken back if the server refuses. */
  async function save(known: LastSeenTo, to: LastSeenTo): Promise<void> {
    setSaid("");
    loaded.replace(to);
    if (await run(to)) setSaid("Saved.");
    else loaded.replace(known);
  }

  return (
    <Block
      title="Last seen"
      hint="When you were last here, to the minute, once you are offline. That you are online is seen as before: to hide it, appear as invisible."
    >
      {problem && <Alert>{problem.message}</Alert>}
      <Fetched from={loaded} label="Loading who sees it" rows={2}>
        {(known) => (
          <div className="max-w-md">
            <Radio
              legend="Who sees it"
              name="last-seen"
              value={known}
              choices={CHOICES}
              onChange={(to) => void save(known, to)}
            />
          </div>
        )}
      </Fetched>
      <Saved>{said}</Saved>
    </Block>
  );
}

const CHOICES: readonly (readonly [LastSeenTo, string, string])[] = [
  ["everybody", "Everybody", "Whoever is in a room with you"],
  ["nobody", "Nobody", "It is not kept either"],
];
