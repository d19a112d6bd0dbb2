import { useCallback } from "react";
import { SecurityApi } from "#api/security.ts";
import { EmailBlock } from "#app/security/EmailBlock.tsx";
import { Identities } from "#app/security/Identities.tsx";
import { Passkeys } from "#app/security/Passkeys.tsx";
import { PasswordBlock } from "#app/security/PasswordBlock.tsx";
import { RecoveryBlock } from "#app/security/RecoveryBlock.tsx";
import { TotpBlock } from "#app/security/TotpBlock.tsx";
import { useMe } from "#app/settings/me.ts";
import { Fetched } from "#app/ui/Fetched.tsx";
import { useApi } from "#app/ui/useApi.ts";
import { useLoad } from "#app/ui/useLoad.ts";

/** How the reader comes in, and what keeps others out. */
export function SecuritySection() {
  const api = useApi(SecurityApi);
  const { me } = useMe();
  const factors = useLoad(useCallback(() => api.factors(), [api]));
  return (
    <>
      <EmailBlock key={`${me.email} ${me.isEmailVerified}`} />
      <PasswordBlock />
      <Fetched from={factors} label="Loading your second factors" rows={4}>
        {(known) => (
          <>
            <TotpBlock factors={known} onChange={factors.reload} />
            <Passkeys factors={known} onChange={factors.reload} />
            {(known.hasTotp || known.codesLeft > 0) && (
              <RecoveryBlock left={known.codesLeft} onChange={factors.reload} />
            )}
          </>
        )}
      </Fetched>
      <Identities />
    </>
  );
}
