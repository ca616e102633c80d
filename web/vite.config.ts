import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import react from "@vitejs/plugin-react";
import { type Plugin, defineConfig } from "vite";
import { licences } from "./licences";

const OUT = "../src/marketmover/app/web/static";

/** Compresses what is served, once: the server hands the small files out as they are. */
function compressed(): Plugin {
  const packed = /\.(js|css|html|svg|txt)$/;
  return {
    name: "compressed",
    apply: "build",
    async closeBundle() {
      const names = await readdir(OUT, { recursive: true });
      for (const name of names.filter((one) => packed.test(one))) {
        const path = join(OUT, name);
        const bytes = await readFile(path);
        await writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 }));
        const best = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
        await writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, best));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), licences(), compressed()],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: "es2022",
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
  },
  server: {
    proxy: { "/v1": process.env.MARKETMOVER_SERVER ?? "http://127.0.0.1:8000" },
  },
});
