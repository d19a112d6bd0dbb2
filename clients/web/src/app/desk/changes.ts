/** Entries of a room's history in words, to stand behind the name of whoever did it. */

import type { Changed } from "#api/desk.ts";
import { momentOf } from "#app/ui/moments.ts";
import { spanOf } from "#app/ui/spans.ts";

/** Of a kind that a newer server invented nothing more than its name is known. */
export function sentenceOf({ kind, subject, details }: Changed): string {
  const said = new Map(details);
  const words = SENTENCES[kind]?.(subject?.name ?? "somebody", said) ?? kind.replace(".", " ");
  return `${words}.`;
}

type Said = ReadonlyMap<string, unknown>;

const SENTENCES: Readonly<Record<string, (whom: string, said: Said) => string>> = {
  "room.created": () => "made the room",
  "room.changed": (_, said) => changedWords(said),
  "room.archived": () => "put the room into the archive",
  "room.unarchived": () => "took the room out of the archive",
  "room.deleted": () => "deleted the room",
  "room.restored": () => "restored the room",
  "member.added": (whom) => `took in ${whom}`,
  "member.role": (whom, said) =>
    `made ${whom} ${ROLES[String(said.get("is"))] ?? "something else"}`,
  "member.removed": (whom) => `removed ${whom}`,
  "member.banned": (whom, said) => `banned ${whom}${untilOf(said)}`,
  "member.unbanned": (whom) => `lifted the ban of ${whom}`,
  "member.muted": (whom, said) => `muted ${whom}${untilOf(said)}`,
  "member.unmuted": (whom) => `let ${whom} write again`,
  "invite.made": () => "made an invitation",
  "invite.revoked": () => "revoked an invitation",
};

const ROLES: Readonly<Record<string, string>> = {
  owner: "an owner",
  admin: "an admin",
  member: "a member",
};

const STATES: Readonly<Record<string, string>> = {
  scheduled: "shut the room until it opens",
  open: "opened the room",
  read_only: "made the room read-only",
  closed: "closed the room",
};

const FIELDS: Readonly<Record<string, string>> = {
  title: "the title",
  topic: "the topic",
  state: "whether the room is open",
  slow_mode_s: "the slow mode",
  password: "the password",
  opens_at: "when it opens",
  closes_at: "when it closes",
  max_members: "how many come in",
  purge_after_s: "how long after its end it is removed",
  is_locked: "the lock of the door",
};

function changedWords(said: Said): string {
  const field = String(said.get("field") ?? "");
  const name = FIELDS[field] ?? field.replaceAll("_", " ");
  const is = said.get("is") ?? null;
  if (field === "state") return STATES[String(is)] ?? `changed ${name} to “${is}”`;
  if (field === "is_locked") return is === true ? "locked the door" : "unlocked the door";
  if (is === null || typeof is === "boolean") return `changed ${name}`;
  return `changed ${name} to ${wordsFor(field, is)}`;
}

/** Whether it is a time, a number of seconds or anything else is in the name of the field. */
function wordsFor(field: string, is: unknown): string {
  if (field.endsWith("_at")) return momentOf(String(is));
  if (typeof is !== "number") return `“${is}”`;
  return field.endsWith("_s") ? spanOf(is) : String(is);
}

function untilOf(said: Said): string {
  const until = said.get("until") ?? null;
  return typeof until === "string" ? ` until ${momentOf(until)}` : "";
}
