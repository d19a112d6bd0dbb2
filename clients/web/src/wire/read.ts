/**
 * Narrow readers for JSON that a server wrote.
 *
 * Each takes the one member it is asked for and ignores the rest, so a newer server may say more
 * than we know. `null` counts as absent.
 */

export type Json = Readonly<Record<string, unknown>>;

/** What arrived is not what the protocol says. */
export class Malformed extends Error {}

export function object(value: unknown): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Malformed("not an object");
  }
  return value as Json; // Checked above; the members stay unknown.
}

export function text(from: Json, key: string): string {
  const value = from[key];
  if (typeof value !== "string") throw new Malformed(`${key} is not a text`);
  return value;
}

export function textOr<T>(from: Json, key: string, otherwise: T): string | T {
  return absent(from, key) ? otherwise : text(from, key);
}

/** A whole number from 0 to 2^53 - 1. */
export function count(from: Json, key: string): number {
  const value = from[key];
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw new Malformed(`${key} is not a count`);
  }
  return value;
}

export function countOr<T>(from: Json, key: string, otherwise: T): number | T {
  return absent(from, key) ? otherwise : count(from, key);
}

export function flag(from: Json, key: string): boolean {
  return from[key] === true;
}

/** The member if it is one of `known`, otherwise `unknown`: a newer server may have more words. */
export function word<T extends string>(
  from: Json,
  key: string,
  known: readonly T[],
  unknown: T,
): T {
  return known.find((candidate) => candidate === from[key]) ?? unknown;
}

export function part(from: Json, key: string): Json {
  return object(from[key]);
}

export function partOr(from: Json, key: string): Json | null {
  return absent(from, key) ? null : part(from, key);
}

/** Each item read by `read`; an absent list is an empty one. */
export function list<T>(from: Json, key: string, read: (item: Json) => T): T[] {
  const value = from[key] ?? [];
  if (!Array.isArray(value)) throw new Malformed(`${key} is not a list`);
  return value.map((item) => read(object(item)));
}

export function texts(from: Json, key: string): string[] {
  const value = from[key] ?? [];
  if (!Array.isArray(value)) throw new Malformed(`${key} is not a list`);
  return value.filter((item) => typeof item === "string");
}

function absent(from: Json, key: string): boolean {
  return from[key] === undefined || from[key] === null;
}
