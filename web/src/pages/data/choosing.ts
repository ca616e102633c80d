import { pathOf, placed } from "./queries";

const KINDS = /\.(zip|(json|jsonl|ndjson)(\.gz)?)$/i;
const LEFT_OUT = /(^|\/)(truth|__MACOSX|\.[^/]*)(\/|$)/;
export const ACCEPT = ".json,.jsonl,.ndjson,.gz,.zip";

/** Tells exports from what lies beside them in a folder. */
export function sorted(files: File[]): { exports: File[]; others: string[] } {
  const fits = (file: File) => KINDS.test(file.name) && !LEFT_OUT.test(pathOf(file));
  return { exports: files.filter(fits), others: files.filter((file) => !fits(file)).map(pathOf) };
}

/** All files that were dropped, those in folders too. */
export async function dropped(data: DataTransfer): Promise<File[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return [...data.files];
  return (await Promise.all(entries.map(filesOf))).flat();
}

async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((take, fail) => (entry as FileSystemFileEntry).file(take, fail));
    return [placed(file, entry.fullPath.replace(/^\//, ""))];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((take, fail) => reader.readEntries(take, fail)); // a hundred at a time
    if (some.length === 0) return found;
    found.push(...(await Promise.all(some.map(filesOf))).flat());
  }
}

const units = new Intl.NumberFormat(navigator.language, { maximumFractionDigits: 1 });

export function sizeWords(bytes: number): string {
  return bytes < 1e5 ? `${units.format(bytes / 1e3)} kB` : `${units.format(bytes / 1e6)} MB`;
}
