import { Box, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";

interface Asked {
  title: string;
  /** What addresses lead to it by, behind `#`. */
  id?: string;
  about?: ReactNode;
  /** What can be done with all of it. */
  actions?: ReactNode;
  /** On a card; without, for what is made of cards itself. */
  card?: boolean;
  gap?: "xs" | "sm" | "md";
  children: ReactNode;
}

/** A part of a page under its title. */
export function Section({ title, id, about, actions, card, gap = "sm", children }: Asked) {
  const own = useId();
  const named = { component: "section", "aria-labelledby": id ?? own } as const;
  const inside = (
    <>
      <Group justify="space-between" align="flex-start" gap="sm">
        <Box flex={1} miw={220}>
          <Title order={2} size="h4" id={id ?? own}>
            {title}
          </Title>
          {about && (
            <Text size="sm" c="dimmed">
              {about}
            </Text>
          )}
        </Box>
        {actions}
      </Group>
      {children}
    </>
  );
  if (!card) {
    return (
      <Stack gap={gap} {...named}>
        {inside}
      </Stack>
    );
  }
  return (
    <Paper withBorder p="md" radius="md" {...named}>
      <Stack gap={gap}>{inside}</Stack>
    </Paper>
  );
}
