import { useCallback, useState } from "react";
import { type Act, type ActSearch, AdminApi, exportActs } from "#api/admin.ts";
import { ActItem } from "#app/admin/ActItem.tsx";
import { KINDS } from "#app/admin/acts.ts";
import { useApp } from "#app/context.ts";
import { Items } from "#app/settings/Items.tsx";
import { Alert } from "#app/ui/Alert.tsx";
import { Button } from "#app/ui/Button.tsx";
import { Field } from "#app/ui/Field.tsx";
import { Listing } from "#app/ui/Listing.tsx";
import { Select } from "#app/ui/Select.tsx";
import { saveFile } from "#app/ui/save.ts";
import { useApi } from "#app/ui/useApi.ts";
import { useAttempt } from "#app/ui/useAttempt.ts";
import { usePages } from "#app/ui/usePages.ts";

const EVERYTHING: ActSearch = { kind: "", personId: "", since: "", until: "" };

/** Who did what, in the order in which it happened, the newest first. */
export function AuditSection() {
  const api = useApi(AdminApi);
  const { fileCall } = useApp();
  const [search, setSearch] = useState(EVERYTHING);
  const [person, setPerson] = useState("");
  const acts = usePages(
    useCallback((cursor: string | null) => api.acts(search, cursor), [api, search]),
  );
  const saving = useAttempt(async () =>
    saveFile("audit.ndjson", await exportActs(fileCall, search)),
  );

  function about(act: Act, which: "actor" | "subject"): void {
    const chosen = act[which];
    if (!chosen) return;
    setPerson(chosen.name ?? "Somebody who was erased");
    setSearch({ ...search, personId: chosen.id });
  }

  return (
    <>
      <p className="max-w-xl pt-2 text-sm text-soft">
        Nobody can change or remove a line of it, owners included. It holds who, what and when, and
        never what people write.
      </p>
      <div className="flex flex-wrap items-end gap-3 py-5">
        <Select
          label="What"
          className="grow basis-48"
          value={search.kind}
          choices={KINDS}
          onChange={(kind) => setSearch({ ...search, kind })}
        />
        <Field
          label="From"
          type="date"
          max={search.until || undefined}
          value={search.since}
          onChange={(event) => setSearch({ ...search, since: event.target.value })}
        />
        <Field
          label="To"
          type="date"
          min={search.since || undefined}
          value={search.until}
          onChange={(event) => setSearch({ ...search, until: event.target.value })}
        />
        <Button
          look="quiet"
          className="min-h-11"
          disabled={saving.isBusy}
          onClick={() => void saving.run()}
        >
          {saving.isBusy ? "Exporting" : "Export"}
        </Button>
      </div>
      {search.personId !== "" && (
        <div className="flex flex-wrap items-center gap-3 pb-4 text-sm">
          <span>
            Only what concerns <bdi className="font-medium">{person}</bdi>
          </span>
          <Button look="quiet" onClick={() => setSearch({ ...search, personId: "" })}>
            Everybody
          </Button>
        </div>
      )}
      {saving.problem && <Alert>{saving.problem.message}</Alert>}
      <Listing of={acts} label="Loading the audit log" none="Nothing matches.">
        {(known) => (
          <Items>
            {known.map((act) => (
              <ActItem key={act.id} act={act} onChoose={(which) => about(act, which)} />
            ))}
          </Items>
        )}
      </Listing>
    </>
  );
}
