import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useApp, useAppState } from "#app/context.ts";
import { faceAt, fetchFace, type SizePx } from "#app/ui/faces.ts";
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
  readonly size?: SizePx;
  readonly className?: string;
}

/**
 * The picture of somebody, or their initials on a colour that stays with them. Decoration: the name
 * stands beside it.
 */
export function Avatar({ person, size = 64, className = "size-9 text-sm" }: Props) {
  const { faces } = useApp();
  const path = useAppState((state) => state.faces[person.id]);
  useEffect(() => {
    if (path === undefined) faces.want(person.id);
  }, [faces, path, person.id]);
  return (
    <span
      aria-hidden="true"
      className={`relative inline-flex shrink-0 select-none items-center justify-center overflow-hidden rounded-full font-semibold text-on-hue ${hueOf(person.id)} ${className}`}
    >
      {initialsOf(person.name)}
      {path && <Picture key={path} path={path} size={size} />}
    </span>
  );
}

interface PictureProps {
  readonly path: string;
  readonly size: SizePx;
}

/** Lies over the initials when it is there, and at once where it was drawn before. */
function Picture({ path, size }: PictureProps) {
  const { fileCall } = useApp();
  const ref = useRef<HTMLCanvasElement>(null);
  const [face, setFace] = useState(() => faceAt(path, size));

  useEffect(() => {
    let isWanted = true;
    void fetchFace(fileCall, path, size).then((fetched) => isWanted && setFace(fetched));
    return () => {
      isWanted = false;
    };
  }, [fileCall, path, size]);

  useLayoutEffect(() => {
    if (face) ref.current?.getContext("2d")?.drawImage(face, 0, 0, size, size);
  }, [face, size]);

  return (
    face && <canvas ref={ref} width={size} height={size} className="absolute inset-0 size-full" />
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
