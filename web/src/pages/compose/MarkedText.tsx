import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Brief } from "../../api/queries";
import { FIELDS } from "./fields";

interface Asked {
  source: Brief["sources"][number];
  lit: string | null;
  light: (field: string | null) => void;
  open: (field: string) => void;
}

/** The client's own words; what was understood stands out, and leads to what was understood by it. */
export function MarkedText({ source, lit, light, open }: Asked) {
  const letters = Array.from(flowing(source.text)); // marks count code points
  const parts: ReactNode[] = [];
  let at = 0;
  for (const mark of [...source.marks].sort((one, other) => one.start - other.start)) {
    if (mark.start < at) continue; // lies within the one before
    parts.push(letters.slice(at, mark.start).join(""));
    const known = mark.fields.filter((field) => FIELDS.some((one) => one.name === field));
    const first = known[0] ?? mark.fields[0] ?? "";
    parts.push(
      <mark
        key={mark.start}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a button would not break across lines as words do
        role="button"
        tabIndex={0}
        aria-label={`${letters.slice(mark.start, mark.end).join("")}: understood as ${mark.fields.map(labelOf).join(", ")}`}
        title={mark.fields.map(labelOf).join(", ")}
        data-lit={lit !== null && mark.fields.includes(lit) ? "" : undefined}
        onMouseEnter={() => light(first)}
        onMouseLeave={() => light(null)}
        onFocus={() => light(first)}
        onBlur={() => light(null)}
        onClick={() => open(first)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          open(first);
        }}
      >
        {letters.slice(mark.start, mark.end).join("")}
      </mark>,
    );
    at = mark.end;
  }
  parts.push(letters.slice(at).join(""));
  return (
    <Text component="div" className="brief-text">
      {parts}
    </Text>
  );
}

/** Lines that a mail program broke flow again; each break becomes one space, so that marks stay where they are. */
function flowing(text: string): string {
  return text.replace(/([^\n]{60,})\n(?=[^\s\-*•\d])/g, "$1 ");
}

function labelOf(field: string): string {
  return FIELDS.find((one) => one.name === field)?.label.toLowerCase() ?? field.replace("_", " ");
}
