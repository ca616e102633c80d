import { Anchor, Badge, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Page } from "../../parts/Page";

/** The page of something that was found out once: what it is of, the way to all of its kind, and its parts. */
export function FoundPage({ title, all, of, simulated, children }: { title: string; all: string; of: ReactNode; simulated: boolean; children: ReactNode }) {
  return (
    <Page
      title={title}
      about={
        <Group gap="xs">
          <Anchor component={Link} to={all}>
            All of them
          </Anchor>
          <span>{of}</span>
          {simulated && <Badge variant="light">Simulated data</Badge>}
        </Group>
      }
    >
      {children}
    </Page>
  );
}
