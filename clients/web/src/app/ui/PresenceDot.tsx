import type { Standing } from "#state/roster.ts";

/** What each is called; told by shape, colour and word, never by one of them alone. */
export const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  online: "Online",
  away: "Away",
  dnd: "Do not disturb",
  offline: "Offline",
  unknown: "Presence unknown",
};

interface Props {
  readonly standing: Standing;
  /** It must stand out from what it stands on: the `fill` of that. */
  readonly ring?: string;
  readonly className?: string;
}

/**
 * How somebody is, for the eye: a full disc, a crescent, a bar, an empty ring. Of somebody of whom
 * nothing is known there is no dot, since any would claim something. The word stands beside it.
 */
export function PresenceDot({ standing, ring = "stroke-panel", className = "size-3" }: Props) {
  if (standing === "unknown") return null;
  return (
    <svg viewBox="0 0 12 12" className={`shrink-0 ${className}`} aria-hidden="true">
      <circle cx="6" cy="6" r="5" strokeWidth="2" className={`${ring} ${FILLS[standing]}`} />
      {standing === "away" && <circle cx="4.3" cy="4.3" r="2.7" className={CUTS[ring]} />}
      {standing === "dnd" && (
        <path d="M4 6h4" strokeWidth="1.5" strokeLinecap="round" className={ring} />
      )}
      {standing === "offline" && (
        <circle cx="6" cy="6" r="3" strokeWidth="1.5" className={`stroke-soft ${CUTS[ring]}`} />
      )}
    </svg>
  );
}

const FILLS: Readonly<Record<Exclude<Standing, "unknown">, string>> = {
  online: "fill-here",
  away: "fill-busy",
  dnd: "fill-danger",
  offline: "fill-transparent",
};

/** What shows through a shape is what lies under it. */
const CUTS: Readonly<Record<string, string>> = {
  "stroke-panel": "fill-panel",
  "stroke-page": "fill-page",
  "stroke-raised": "fill-raised",
};
