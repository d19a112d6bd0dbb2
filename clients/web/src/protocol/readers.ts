/** Readers by the type of what they read, as the server's own schemas have it. */

import type { Heard } from "#wire/generated/heard.ts";
import type { Json } from "#wire/read.ts";

/** What a frame says: its `data`, and the `room_id` that some have on top. */
export type Content<Type extends Heard["type"]> = Flat<FrameOf<Type>>;

/** Every type has a reader or is ignored; a type that no server says is a mistake. */
export type Readers<R> = { readonly [Type in Heard["type"]]?: (data: Json<Content<Type>>) => R };

/** The readers again, to be looked up by the type of a frame that came: it may be any text. */
export type Lookup<R> = Readonly<Record<string, (data: Json) => R>>;

/** The frames of one type. */
type FrameOf<Type extends Heard["type"]> = Extract<Heard, { type: Type }>;

type Flat<Frame> = Frame extends { data: infer Data }
  ? Data & (Frame extends { room_id: infer Room } ? { room_id: Room } : unknown)
  : never;
