import { readdirSync } from "node:fs";
import { defineConfig } from "vite";

/** Makes plain JavaScript of the unit tests, which Node's own test runner takes. */
export default defineConfig({
  build: {
    ssr: true,
    outDir: "../build/web-tests",
    emptyOutDir: true,
    rolldownOptions: {
      input: readdirSync("tests").filter((name) => name.endsWith(".test.ts")).map((name) => `tests/${name}`),
      output: { entryFileNames: "[name].mjs", chunkFileNames: "parts/[name]-[hash].mjs" },
    },
  },
});
