import { Table } from "@mantine/core";
import type { ReactNode } from "react";

/** A table that scrolls sideways where it is wider than the page, with the keyboard too. */
export function Wide({ label, width, children }: { label: string; width: number; children: ReactNode }) {
  return (
    <Table.ScrollContainer minWidth={width} type="native" tabIndex={0} role="region" aria-label={label}>
      {children}
    </Table.ScrollContainer>
  );
}
