import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { workerBuild } from "./vite.worker.ts";

// While developing, the pages come from Vite and `/v1` from a running Hubbub. The Host header is
// passed on as it came, so the server sees one origin and its Origin check holds.
const SERVER = "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), tailwindcss(), workerBuild()],
  build: {
    // Nothing may become a data: address or an inline script: the pages are served with a content
    // security policy of `default-src 'self'`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    rolldownOptions: {
      input: ["index.html", "src/sw.ts"],
      // A worker is found under its name, and rules over the folder that it is in.
      output: {
        entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
      },
    },
  },
  server: { proxy: { "/v1": { target: SERVER, ws: true } } },
  test: {
    pool: "threads",
    // What takes a tenth of a second alone takes seconds where other suites run beside it.
    testTimeout: 60_000,
    projects: [
      {
        extends: true,
        // Nothing in these touches anything outside itself, so they may share a worker.
        test: {
          name: "core",
          include: ["tests/*.test.ts", "tests/{protocol,api,polls,shelf,state,worker}/*.test.ts"],
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: "pages", include: ["tests/app/*.test.{ts,tsx}"], environment: "happy-dom" },
      },
    ],
  },
});
