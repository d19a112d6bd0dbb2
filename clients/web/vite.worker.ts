/** Writes into the built service worker which files there are, and a version made of them. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { Plugin } from "vite";

const PUBLIC = "public";

export function workerBuild(): Plugin {
  return {
    name: "hubbub-worker",
    apply: "build",
    generateBundle: {
      // Behind the one that writes index.html.
      order: "post",
      handler(_options, bundle) {
        const worker = bundle["sw.js"];
        if (worker?.type !== "chunk") throw new Error("there is no sw.js");
        const content = createHash("sha256").update(worker.code);
        const files = ["/"];
        for (const [name, part] of Object.entries(bundle)) {
          if (part === worker) continue;
          content.update(name).update(part.type === "chunk" ? part.code : part.source);
          if (name !== "index.html") files.push(`/${name}`);
        }
        for (const name of readdirSync(PUBLIC).sort()) {
          content.update(name).update(readFileSync(`${PUBLIC}/${name}`));
          files.push(`/${name}`);
        }
        const build = { version: content.digest("hex").slice(0, 16), files };
        worker.code = `self.BUILD=${JSON.stringify(build)};\n${worker.code}`;
      },
    },
  };
}
