import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon";

/** Nothing is here yet: why, and what to do next. */
export function Empty({ icon, title, children, actions }: { icon: IconName; title: string; children: ReactNode; actions?: ReactNode }) {
  return (
    <Paper withBorder p="xl" radius="md">
      <Stack align="center" gap="sm" ta="center" maw={520} mx="auto">
        <Text c="dimmed" component="span">
          <Icon name={icon} size={36} />
        </Text>
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text c="dimmed">{children}</Text>
        {actions && <Group justify="center">{actions}</Group>}
      </Stack>
    </Paper>
  );
}
