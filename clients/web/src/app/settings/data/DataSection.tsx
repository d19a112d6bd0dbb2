import { EraseBlock } from "#app/settings/data/EraseBlock.tsx";
import { ExportBlock } from "#app/settings/data/ExportBlock.tsx";

/** What this server keeps of the reader: a copy of it, and its end. */
export function DataSection() {
  return (
    <>
      <ExportBlock />
      <EraseBlock />
    </>
  );
}
