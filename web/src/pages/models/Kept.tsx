import { Paper, Stack, Text, Title } from "@mantine/core";
import { Link } from "react-router";
import type { Schemas } from "../../api/client";
import { ago } from "../../words/figures";

/** Kept analyses, the newest first: what each found, when and for whom. */
export function Kept({ title, items, to, about }: { title: string; items: Schemas["AnalysisSummary"][]; to: string; about: (asked: Record<string, unknown>) => string }) {
  if (items.length === 0) return null;
  return (
    <Stack gap="xs" component="section" aria-label={title}>
      <Title order={2} size="h4">
        {title}
      </Title>
      {items.map((one) => (
        <Paper key={one.id} withBorder p="sm" radius="md" component={Link} to={`${to}/${one.id}`} className="card-link">
          <Text fw={600}>{one.headline || "Without an answer"}</Text>
          <Text size="sm" c="dimmed">
            {about(one.arguments)}; {ago(one.created_at)}, {one.who}
          </Text>
        </Paper>
      ))}
    </Stack>
  );
}
