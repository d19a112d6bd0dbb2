import { readFileSync } from "node:fs";
import { compile } from "json-schema-to-typescript";
import { expect, test } from "vitest";

/** The server's schemas, and the types that are made of each. */
const TYPES = {
  "chat.v1.said": "said",
  "chat.v1.heard": "heard",
  http: "http",
  codes: "codes",
} as const;

const AS = {
  // An answer may say more than is named; who reads it may not ask for that.
  additionalProperties: false,
  ignoreMinAndMaxItems: true,
  style: { printWidth: 100 },
  unknownAny: true,
};

/** `npm run types`, a part of `make docs`, writes what this expects. */
test.each(Object.entries(TYPES))(
  "the types of %s are those of its schema",
  async (name, module) => {
    const schema = JSON.parse(
      readFileSync(new URL(`../../../docs/schemas/${name}.json`, import.meta.url), "utf8"),
    );
    const bannerComment = `// Written by \`make docs\` from docs/schemas/${name}.json: change the models instead.`;

    const types = await compile(withoutAnything(schema), name, { ...AS, bannerComment });

    await expect(types, "run `make docs`").toMatchFileSnapshot(
      `../src/wire/generated/${module}.ts`,
    );
  },
);

interface Schema {
  anyOf?: { $ref: string }[];
  $defs?: Record<string, object>;
}

/** What may be anything would swallow the union of all bodies, and their types with it. */
function withoutAnything(schema: Schema): Schema {
  const { anyOf, $defs = {} } = schema;
  if (!anyOf) return schema;
  const isAnything = ($ref: string) =>
    Object.keys($defs[$ref.split("/").at(-1) ?? ""] ?? {}).length === 0;
  return { ...schema, anyOf: anyOf.filter(({ $ref }) => !isAnything($ref)) };
}
