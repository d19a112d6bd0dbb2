/**
 * Narrow readers for JSON that a server wrote.
 *
 * Each takes the one member it is asked for and ignores the rest, so a newer server may say more
 * than we know. `null` counts as absent. Of a `Json<T>` only members of `T` can be asked for: one
 * that the server renames is a mistake of types here, and not a page that stays empty.
 */

/**
 * An object that arrived and should be a `T`, one of the types in `generated`: its members are yet
 * unknown. Without a `T` nothing is known of it: any member may be asked for, and any reader may
 * take it.
 */
export interface Json<T = never> {
  readonly [shape]?: T;
}

declare const shape: unique symbol;

/** What arrived is not what the protocol says. */
export class Malformed extends Error {}

export function object(value: unknown): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Malformed("not an object");
  }
  return value as Json; // Checked above; the members stay unknown.
}

export function text<T>(from: Json<T>, key: Key<T, string>): string {
  const value = member(from, key);
  if (typeof value !== "string") throw new Malformed(`${key} is not a text`);
  return value;
}

export function textOr<T, O>(from: Json<T>, key: Key<T, string>, otherwise: O): string | O {
  return isThere(from, key) ? text(from, key) : otherwise;
}

/** A whole number from 0 to 2^53 - 1. */
export function count<T>(from: Json<T>, key: Key<T, number>): number {
  const value = member(from, key);
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw new Malformed(`${key} is not a count`);
  }
  return value;
}

export function countOr<T, O>(from: Json<T>, key: Key<T, number>, otherwise: O): number | O {
  return isThere(from, key) ? count(from, key) : otherwise;
}

export function flag<T>(from: Json<T>, key: Key<T, boolean>): boolean {
  return member(from, key) === true;
}

/** The member if it is one of `known`, otherwise `unknown`: a newer server may have more words. */
export function word<T, K extends Key<T, string>, W extends Word<T, K>>(
  from: Json<T>,
  key: K,
  known: readonly W[],
  unknown: W,
): W {
  const value = member(from, key);
  return known.find((candidate) => candidate === value) ?? unknown;
}

export function part<T, K extends Key<T, object, List>>(from: Json<T>, key: K): Json<Part<T, K>> {
  return object(member(from, key));
}

export function partOr<T, K extends Key<T, object, List>>(
  from: Json<T>,
  key: K,
): Json<Part<T, K>> | null {
  return isThere(from, key) ? part(from, key) : null;
}

/** Each item read by `read`; an absent list is an empty one. */
export function list<T, K extends Key<T, List>, R>(
  from: Json<T>,
  key: K,
  read: (item: Json<Item<T, K>>) => R,
): R[] {
  return items(from, key).map((item) => read(object(item)));
}

export function texts<T>(from: Json<T>, key: Key<T, List>): string[] {
  return items(from, key).filter((item) => typeof item === "string");
}

/** Whether there is such a member, and it is not null. */
export function has<T>(from: Json<T>, key: Key<T, unknown>): boolean {
  return isThere(from, key);
}

/** Every member, for an object whose keys are not known. */
export function members(from: Json<unknown>): [string, unknown][] {
  return Object.entries(from);
}

function isThere(from: Json<unknown>, key: string): boolean {
  return (member(from, key) ?? null) !== null;
}

function items(from: Json<unknown>, key: string): List {
  const value = member(from, key) ?? [];
  if (!Array.isArray(value)) throw new Malformed(`${key} is not a list`);
  return value;
}

function member(from: Json<unknown>, key: string): unknown {
  return (from as Readonly<Record<string, unknown>>)[key]; // `object` made it, of an object.
}

/** The keys below which `T` may have a `V` that is no `Not`; of a union, those of any of its parts. */
type Key<T, V, Not = never> = string &
  ([T] extends [never]
    ? string
    : {
        [K in KeyOf<T>]: Exclude<Extract<Member<T, K>, V>, Not> extends never ? never : K;
      }[KeyOf<T>]);

/** The object that `T` has below a key. */
type Part<T, K> = Exclude<Extract<Member<T, K>, object>, List>;

/** What the list is made of that `T` has below a key. */
type Item<T, K> = Extract<Member<T, K>, List>[number];

/** The words that `T` may have below a key. */
type Word<T, K> = [T] extends [never] ? string : Extract<Member<T, K>, string>;

type List = readonly unknown[];

type KeyOf<T> = T extends unknown ? keyof T & string : never;

type Member<T, K> = T extends unknown ? (K extends keyof T ? T[K] : never) : never;
