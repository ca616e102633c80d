import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "vite";

const WITHIN = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/;
const TERMS = /^(licen[cs]es?|notice|copying|copyright)/i;
const RULE = `\n${"-".repeat(80)}\n`;
const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

interface Package {
  name: string;
  version: string;
  license?: string;
  author?: string | { name: string };
}

/** Writes `licences.txt`: the terms of every package that went into the build, as these terms ask for. */
export function licences(): Plugin {
  return {
    name: "licences",
    apply: "build",
    async generateBundle() {
      const folders = new Set<string>();
      for (const id of this.getModuleIds()) {
        const folder = WITHIN.exec(id.replace("\0", ""))?.[1];
        if (folder && existsSync(join(folder, "package.json"))) folders.add(folder);
      }
      const parts = await Promise.all([...folders].sort().map(termsOf));
      const source = `The dashboard of marketmover holds these packages of others.\n${RULE}${parts.join(RULE)}`;
      this.emitFile({ type: "asset", fileName: "licences.txt", source });
    },
  };
}

async function termsOf(folder: string): Promise<string> {
  const told = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Package;
  const files = (await readdir(folder, { withFileTypes: true, recursive: false })).filter((one) => TERMS.test(one.name));
  const paths = await Promise.all(
    files.map(async (one) =>
      one.isFile() ? [one.name] : (await readdir(join(folder, one.name))).map((inner) => join(one.name, inner)),
    ),
  );
  const texts = await Promise.all(paths.flat().sort().map((path) => readFile(join(folder, path), "utf8")));
  const own = texts.length > 0 ? texts.join("\n") : unwritten(told);
  return `${told.name} ${told.version} (${told.license ?? "see below"})\n\n${own.trim()}\n`;
}

/** The terms of a package that names its licence and leaves out the text. */
function unwritten(told: Package): string {
  if (told.license !== "MIT") throw new Error(`${told.name} comes without the text of its licence (${told.license}).`);
  const author = typeof told.author === "string" ? told.author.replace(/ <.*/, "") : told.author?.name;
  return `MIT License\n\nCopyright (c) ${author ?? `the authors of ${told.name}`}\n\n${MIT}`;
}
