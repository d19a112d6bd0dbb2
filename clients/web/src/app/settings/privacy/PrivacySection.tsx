import { BlockedBlock } from "#app/settings/privacy/BlockedBlock.tsx";
import { LastSeenBlock } from "#app/settings/privacy/LastSeenBlock.tsx";

/** What others learn of the reader, and who of them is not heard. */
export function PrivacySection() {
  return (
    <>
      <LastSeenBlock />
      <BlockedBlock />
    </>
  );
}
