/**
 * Plays a recorded transcript through a `Link`: what happened, and what must come of it.
 *
 *     # a comment
 *     at 1500                     the clock, in ms since the beginning; due ticks are delivered
 *     in  start                   a happening; more words are its members, in order
 *     <   {"type": ...}           a frame of the server
 *     wish {"is": ...}            a wish of the application
 *     out fetch_token false       an effect, in order, none may be left out
 *     >   {"type": ...}           a frame that was written
 *     tell {"type": ...}          a notice; members that are not named may be anything
 */

import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { Effect, Happening, Wish } from "#protocol/inputs.ts";
import { Link } from "#protocol/link.ts";
import type { Reach } from "#protocol/ways.ts";

const FOLDER = new URL("../protocol/transcripts/", import.meta.url);
const IDENTITY = { name: "test", version: "1.2.3", platform: "node" };
/** Random waits are three quarters of the longest: the upper half's middle. */
const HALF = () => 0.5;

interface Line {
  readonly word: string;
  readonly rest: string;
  readonly number: number;
}

export function play(name: string): void {
  const player = new Player(name);
  for (const line of linesOf(readFileSync(new URL(name, FOLDER), "utf8"))) player.take(line);
  player.finish();
}

class Player {
  readonly #name: string;
  readonly #link = new Link(IDENTITY, HALF);
  #now = 0;
  #line = 0;
  #effects: Effect[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  take({ word, rest, number }: Line): void {
    if (["in", "<", "wish", "at"].includes(word)) this.finish();
    this.#line = number;
    if (word === "in") this.#give(happeningOf(rest));
    else if (word === "<") this.#give({ is: "received", text: rest });
    else if (word === "wish") this.#did(this.#link.wish(JSON.parse(rest) as Wish, this.#now));
    else if (word === "at") this.#wait(Number(rest));
    else this.#expect(word, rest);
  }

  /** Nothing may have happened that is not written down. */
  finish(): void {
    expect(this.#effects, `${this.#name}:${this.#line}: more happened`).toEqual([]);
  }

  #give(happening: Happening): void {
    this.#did(this.#link.handle(happening, this.#now));
  }

  #wait(until: number): void {
    for (let due = this.#link.deadline; due !== null && due <= until; due = this.#link.deadline) {
      this.#now = Math.max(this.#now, due);
      this.#give({ is: "tick" });
    }
    this.#now = until;
  }

  #did(effects: readonly Effect[]): void {
    this.#effects.push(...effects);
  }

  #expect(word: string, rest: string): void {
    const effect = this.#effects.shift();
    const where = `${this.#name}:${this.#line}`;
    if (word === "out") expect(asWords(effect), where).toBe(rest);
    else if (word === ">") {
      expect(effect, where).toEqual({ do: "write", frame: JSON.parse(rest) });
    } else if (word === "tell") {
      expect(effect, where).toMatchObject({ do: "tell", notice: JSON.parse(rest) });
    } else throw new Error(`${where}: ${word}?`);
  }
}

function linesOf(text: string): Line[] {
  return text.split("\n").flatMap((line, index) => {
    const [, word, rest] = /^(\S+)\s*(.*)$/.exec(line.trim()) ?? [];
    if (word === undefined || word.startsWith("#")) return [];
    return [{ word, rest: rest ?? "", number: index + 1 }];
  });
}

function happeningOf(words: string): Happening {
  const [is, first, second] = words.split(/\s+/);
  if (is === "token") return { is, token: first ?? "", expiresAt: Number(second) };
  if (is === "closed") return { is, code: Number(first), reason: second ?? "" };
  if (is === "checked") return { is, reach: reachOf(first, second) };
  if (is === "probed") return { is, isThrough: first === "true" };
  return { is } as Happening; // The others have no members.
}

function reachOf(is: string | undefined, retryAfterMs: string | undefined): Reach {
  return is === "busy" ? { is, retryAfterMs: Number(retryAfterMs) } : ({ is } as Reach);
}

function asWords(effect: Effect | undefined): string {
  if (effect?.do === "fetch_token") return `fetch_token ${effect.fresh}`;
  if (effect?.do === "open") return effect.way === "polls" ? "open polls" : "open";
  if (effect?.do === "close") return `close ${effect.code}`;
  return effect?.do ?? "nothing";
}
