import { Code, Text } from "@mantine/core";
import type { SetAside } from "./queries";

/** One row that could not be used: where it stands, what is wrong, and the row itself. */
export function Aside({ row }: { row: SetAside }) {
  return (
    <div style={{ marginTop: 8 }}>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        {row.detail}
      </Text>
      <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
        {row.file}, {placeWords(row.position)}
      </Text>
      <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere", maxHeight: 160 }} tabIndex={0} aria-label="The row as it stood">
        {row.raw}
      </Code>
    </div>
  );
}

function placeWords(position: string): string {
  return position.startsWith("/") ? `at ${position}` : position;
}
