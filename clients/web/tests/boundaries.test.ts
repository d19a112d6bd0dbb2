import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const SOURCE = new URL("../src/", import.meta.url);

/** Which folders, and which packages, the modules of a folder may import. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  wire: ["#wire"],
  protocol: ["#protocol", "#wire"],
  api: ["#api", "#wire"],
  polls: ["#polls", "#protocol", "#api", "#wire"],
  worker: ["#worker"],
  shelf: ["#shelf", "#api", "#protocol", "#wire", "dexie"],
  state: ["#state", "#shelf", "#api", "#protocol", "#wire"],
  app: ["#app", "#state", "#api", "#protocol", "#wire", "react", "virtua", "marked", "uqr"],
};

test.each(Object.entries(MAY_IMPORT))("%s imports only what it may", (folder, allowed) => {
  const strangers = modulesIn(folder).flatMap((file) =>
    importsIn(file)
      .filter((name) => !allowed.includes(name.split("/")[0] ?? ""))
      .map((name) => `${file}: ${name}`),
  );

  expect(strangers).toEqual([]);
});

/** Time, chance and the network are passed in, so that a test can say what they do. */
test.each(["wire", "protocol", "api", "polls", "worker", "shelf", "state"])(
  "%s touches nothing outside itself",
  (folder) => {
    const EFFECTS =
      /\b(Date\.now|Math\.random|new WebSocket|window|document|navigator|caches|localStorage)\b/;

    const touching = modulesIn(folder).filter((file) => EFFECTS.test(codeOf(file)));

    expect(touching).toEqual([]);
  },
);

function modulesIn(folder: string): string[] {
  const names = readdirSync(new URL(folder, SOURCE), { recursive: true, encoding: "utf8" });
  return names.filter((name) => /\.tsx?$/.test(name)).map((name) => `${folder}/${name}`);
}

function importsIn(file: string): string[] {
  return [...codeOf(file).matchAll(/from "([^"]+)"/g)].map(([, name]) => name ?? "");
}

function codeOf(file: string): string {
  const text = readFileSync(new URL(file, SOURCE), "utf8");
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
}
