import type { Person } from "#wire/shapes.ts";

const HUES = [
  "bg-hue-0",
  "bg-hue-1",
  "bg-hue-2",
  "bg-hue-3",
  "bg-hue-4",
  "bg-hue-5",
  "bg-hue-6",
  "bg-hue-7",
];

interface Props {
  readonly person: Pick<Person, "id" | "name">;
  readonly className?: string;
}

/** Initials on a colour that stays with the person. Decoration: the name stands beside it. */
export function Avatar({ person, className = "size-9 text-sm" }: Props) {
  return (
    <span
      aria-hidden="true"
      className={`inline-flex shrink-0 select-none items-center justify-center rounded-full font-semibold text-on-hue ${hueOf(person.id)} ${className}`}
    >
      {initialsOf(person.name)}
    </span>
  );
}

export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase();
}

function hueOf(id: string): string {
  const sum = [...id].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 997, 7);
  return HUES[sum % HUES.length] ?? "";
}
