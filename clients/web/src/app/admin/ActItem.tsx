import type { Act, ActPerson } from "#api/admin.ts";
import { titleOfKind } from "#app/admin/acts.ts";
import { Tag } from "#app/settings/Items.tsx";
import { momentOf } from "#app/ui/moments.ts";

interface Props {
  readonly act: Act;
  /** Show only what concerns this person. */
  readonly onChoose: (which: "actor" | "subject") => void;
}

/** Ids of things say nothing to a reader; the export has them. */
export function ActItem({ act, onChoose }: Props) {
  const { actor, subject, details } = act;
  const isOther = subject !== null && subject.id !== actor?.id;
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 px-3.5 py-2.5">
      <p className="min-w-0 grow basis-64">
        <span className="font-medium">{titleOfKind(act.kind)}</span>
        {act.isRefused && <Tag>Refused</Tag>}
        <span className="block text-sm text-soft wrap-anywhere">
          {actor ? (
            <Who person={actor} onChoose={() => onChoose("actor")} />
          ) : (
            "Somebody unknown, or the server"
          )}
          {isOther && (
            <>
              {", about "}
              <Who person={subject} onChoose={() => onChoose("subject")} />
            </>
          )}
          {act.address !== null && `, from ${act.address}`}
          {details
            .filter(([key]) => !key.endsWith("_id"))
            .map(([key, value]) => `, ${wordsOf(key, value)}`)
            .join("")}
        </span>
      </p>
      <time dateTime={act.at} className="text-sm text-soft">
        {momentOf(act.at)}
      </time>
    </li>
  );
}

/** `proved_by: password` is "proved by password", `is_new_place: true` is "new place". */
function wordsOf(key: string, value: string): string {
  if (value === "true") return key.replace(/^is_/, "").replaceAll("_", " ");
  return `${key} ${value}`.replaceAll("_", " ");
}

interface WhoProps {
  readonly person: ActPerson;
  readonly onChoose: () => void;
}

function Who({ person, onChoose }: WhoProps) {
  return (
    <button
      type="button"
      title="Only what concerns this person"
      onClick={onChoose}
      className="rounded text-ink underline decoration-line underline-offset-2 hover:decoration-current"
    >
      <bdi>{person.name ?? `somebody who was erased (${person.id.slice(0, 8)})`}</bdi>
    </button>
  );
}
