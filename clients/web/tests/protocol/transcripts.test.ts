import { readdirSync } from "node:fs";
import { test } from "vitest";
import { play } from "../support/transcript.ts";

const transcripts = readdirSync(new URL("transcripts/", import.meta.url));

test.each(transcripts)("the transcript %s is played as written", (name) => {
  play(name);
});
