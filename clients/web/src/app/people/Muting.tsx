import { useCallback, useState } from "react";
import { MembersApi, type Sanction } from "#api/members.ts";
import { endOf, LENGTHS, type Length } from "#app/people/lengths.ts";
import type { ModeratingProps } from "#app/people/Moderating.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Fetched } from "#app/ui/Fetched.tsx";
import { momentOf } from "#app/ui/moments.ts";
import { Select } from "#app/ui/Select.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { useLoad } from "#app/ui/useLoad.ts";
import { useServerTime } from "#app/ui/useServerTime.ts";

/** Who is muted reads on and does not write. */
export function Muting(props: ModeratingProps) {
  const { person, roomId } = props;
  const api = useApi(MembersApi);
  const muted = useLoad(useCallback(() => api.muted(roomId), [api, roomId]));
  return (
    <Fetched from={muted} label="Loading who is muted" rows={1}>
      {(all) => {
        const mute = all.find((one) => one.person.id === person.id);
        return mute ? <Muted {...props} mute={mute} /> : <Mute {...props} />;
      }}
    </Fetched>
  );
}

function Mute({ person, roomId, onDone }: ModeratingProps) {
  const api = useApi(MembersApi);
  const now = useServerTime();
  const [length, setLength] = useState<Length>("10");
  const { isBusy, problem, run } = useAttempt(async () => {
    await api.sanction("mutes", roomId, person.id, endOf(length, now()), "");
    onDone();
  });
  return (
    <section>
      {problem && <Alert>{problem.message}</Alert>}
      <div className="flex flex-wrap items-end gap-2">
        <Select
          label="Not to write for"
          className="grow basis-40"
          value={length}
          choices={LENGTHS}
          onChange={setLength}
        />
        <Button look="quiet" className="min-h-11" disabled={isBusy} onClick={() => void run()}>
          Mute
        </Button>
      </div>
    </section>
  );
}

interface MutedProps extends ModeratingProps {
  readonly mute: Sanction;
}

function Muted({ person, roomId, mute, onDone }: MutedProps) {
  const api = useApi(MembersApi);
  const { isBusy, problem, run } = useAttempt(async () => {
    await api.lift("mutes", roomId, person.id);
    onDone();
  });
  return (
    <section className="flex flex-wrap items-center gap-x-4 gap-y-2">
      {problem && <Alert>{problem.message}</Alert>}
      <p className="text-sm">
        Muted{mute.until === null ? " until it is lifted" : ` until ${momentOf(mute.until)}`}.
      </p>
      <Button look="quiet" disabled={isBusy} onClick={() => void run()}>
        Let them write again
      </Button>
    </section>
  );
}
