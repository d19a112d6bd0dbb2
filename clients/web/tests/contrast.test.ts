import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const STYLES = readFileSync(new URL("../src/styles.css", import.meta.url), "utf8");

/** WCAG 2.2, AA: 1.4.3 for words, 1.4.11 for what must be seen to be understood. */
const LEAST_FOR_TEXT = 4.5;
const LEAST_FOR_SHAPES = 3;

const SURFACES = ["page", "panel", "raised", "hover", "accent-soft"];
const HUES = ["0", "1", "2", "3", "4", "5", "6", "7"];

/** What is written on what, anywhere in the pages. */
const TEXTS: readonly (readonly [string, readonly string[]])[] = [
  ["ink", SURFACES],
  ["soft", SURFACES],
  ["accent", ["page", "panel", "raised", "hover", "accent-soft"]],
  ["on-accent", ["accent", "accent-strong"]],
  ["danger", ["page", "panel", "raised", "danger-soft"]],
  ["on-danger", ["danger"]],
  ["on-hue", HUES.map((hue) => `hue-${hue}`)],
  ["page", ["ink"]],
];

/** Borders of what is written into, and the shapes that tell who is here. */
const SHAPES: readonly (readonly [string, readonly string[]])[] = [
  ["edge", ["page", "raised"]],
  ["here", ["page", "panel", "raised"]],
  ["busy", ["page", "panel", "raised"]],
  ["danger", ["page", "panel", "raised"]],
  ["soft", ["panel"]],
];

describe.each([
  ["light", 0],
  ["dark", 1],
] as const)("in %s", (_, side) => {
  const roles = rolesOf(side);

  test.each(pairs(TEXTS))("%s can be read on %s", (front, back) => {
    expect(contrast(roles, front, back)).toBeGreaterThanOrEqual(LEAST_FOR_TEXT);
  });

  test.each(pairs(SHAPES))("%s can be told from %s", (front, back) => {
    expect(contrast(roles, front, back)).toBeGreaterThanOrEqual(LEAST_FOR_SHAPES);
  });
});

test("every role says its colour by day and by night", () => {
  const alone = [...STYLES.matchAll(/--color-([a-z0-9-]+): oklch/g)].map(([, name]) => name ?? "");

  expect(alone.filter((name) => !name.includes("hue"))).toEqual([]);
});

test("pages use no colour that is not a role", () => {
  expect(STYLES).toContain("--color-*: initial");
});

type Rgb = readonly [number, number, number];

function pairs(table: typeof TEXTS): (readonly [string, string])[] {
  return table.flatMap(([front, backs]) => backs.map((back) => [front, back] as const));
}

function contrast(roles: ReadonlyMap<string, Rgb>, front: string, back: string): number {
  const [high, low] = [front, back]
    .map((name) => luminance(colourOf(roles, name)))
    .sort((a, b) => b - a);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

function colourOf(roles: ReadonlyMap<string, Rgb>, name: string): Rgb {
  const colour = roles.get(name);
  if (!colour) throw new Error(`styles.css has no role ${name}`);
  return colour;
}

/** The roles by day (0) or by night (1), in linear light. */
function rolesOf(side: 0 | 1): ReadonlyMap<string, Rgb> {
  const lines = STYLES.matchAll(/--color-([a-z0-9-]+): (.*oklch.*);/g);
  return new Map(
    [...lines].map(([, name, value]) => {
      const colours = [...(value ?? "").matchAll(/oklch\(([\d.]+) ([\d.]+) ([\d.]+)/g)];
      const [, light, chroma, hue] = colours[side] ?? colours[0] ?? [];
      return [name ?? "", linearOf(Number(light), Number(chroma), Number(hue))];
    }),
  );
}

/** OKLCH to linear sRGB, after Björn Ottosson, cut to what a screen can show. */
function linearOf(light: number, chroma: number, hue: number): Rgb {
  const angle = (hue * Math.PI) / 180;
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)];
  const l = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (light - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    shown(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    shown(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    shown(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function shown(part: number): number {
  return Math.min(1, Math.max(0, part));
}

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
