import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** A part of the memo: its head, a sentence on it, and the rest. */
export function Section({ id, title, about, children }: { id: string; title: string; about?: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id}>
      <Title order={2} size="h3" id={id} mb={4} tabIndex={-1}>
        {title}
      </Title>
      {about && (
        <Text c="dimmed" size="sm" mb="sm">
          {about}
        </Text>
      )}
      {children}
    </section>
  );
}
