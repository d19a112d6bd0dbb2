import { useState } from "react";
import { SecurityApi } from "#api/security.ts";
import { CodeSheet } from "#app/security/CodeSheet.tsx";
import { Block } from "#app/settings/Block.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";

interface Props {
  /** How many codes are not used yet. */
  readonly left: number;
  readonly onChange: () => Promise<void>;
}

/** From here on the reader should make new ones. */
const FEW = 3;

/** What lets the reader in when the phone is gone. */
export function RecoveryBlock({ left, onChange }: Props) {
  const api = useApi(SecurityApi);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const { isBusy, problem, run } = useAttempt(async () => setCodes(await api.newCodes()));
  return (
    <Block
      title="Recovery codes"
      hint={
        <>
          {left === 0 ? "None is left." : left === 1 ? "One is left." : `${left} are left.`}
          {left < FEW && " Make new ones before you need them."} New ones make the old ones void.
        </>
      }
      tool={
        <Button look="quiet" disabled={isBusy} onClick={() => void run()}>
          Make new codes
        </Button>
      }
    >
      {problem && <Alert>{problem.message}</Alert>}
      {codes && (
        <CodeSheet
          codes={codes}
          onClose={() => {
            setCodes(null);
            void onChange();
          }}
        />
      )}
    </Block>
  );
}
