import { useState } from "react";
import { MembersApi } from "#api/members.ts";
import type { ModeratingProps } from "#app/people/Moderating.tsx";
import { ROLE_WORDS, type RoleToGive, rolesToGive } from "#app/people/standing.ts";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Question } from "#app/ui/Question.tsx";
import { Select } from "#app/ui/Select.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";

/** What somebody may do in the room; its owner can hand it over whole. */
export function RoleChoice({ person, roomId, roleThere, rights, onDone }: ModeratingProps) {
  const api = useApi(MembersApi);
  const given = rolesToGive(rights.role, roleThere);
  const [chosen, setChosen] = useState<RoleToGive>(
    given.find((one) => one === roleThere) ?? "member",
  );
  const [isHanding, setIsHanding] = useState(false);
  const { isBusy, problem, run } = useAttempt(async () => {
    await api.setRole(roomId, person.id, chosen);
    onDone();
  });
  if (given.length === 0) return null;
  return (
    <section>
      {problem && <Alert>{problem.message}</Alert>}
      <div className="flex flex-wrap items-end gap-2">
        <Select
          label="Role"
          className="grow basis-32"
          value={chosen}
          choices={given.map((one) => [one, ROLE_WORDS[one] ?? one] as const)}
          onChange={setChosen}
        />
        <Button
          look="quiet"
          className="min-h-11"
          disabled={isBusy || chosen === roleThere}
          onClick={() => void run()}
        >
          Give this role
        </Button>
      </div>
      {rights.has("transfer") && (
        <Button look="quiet" className="mt-2" onClick={() => setIsHanding(true)}>
          Hand the room over
        </Button>
      )}
      {isHanding && (
        <Question
          title={`Hand the room over to ${person.name}?`}
          yes="Hand it over"
          no="Keep it"
          onYes={async () => {
            await api.handOver(roomId, person.id);
            onDone();
          }}
          onClose={() => setIsHanding(false)}
        >
          They become the owner, and you stay as an admin. Only they can give it back.
        </Question>
      )}
    </section>
  );
}
