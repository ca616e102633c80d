export type Cell = string | number | null;

/** A text that a sheet would run as a formula is made a text. */
function defused(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvOf(columns: string[], rows: Cell[][]): string {
  return [columns, ...rows].map((row) => row.map(defused).join(",")).join("\r\n");
}

/** Saves rows as a file of the reader's. */
export function saveCsv(name: string, columns: string[], rows: Cell[][]): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff", csvOf(columns, rows)], { type: "text/csv;charset=utf-8" }));
  link.download = `${name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
