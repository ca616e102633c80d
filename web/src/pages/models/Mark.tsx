import { Badge } from "@mantine/core";
import type { Proof } from "./found";
import { whereOf } from "./words";

/** Says at a glance whether a proof is the workspace's own or a benchmark's. */
export function Mark({ proof }: { proof: Proof }) {
  const where = whereOf(proof);
  return (
    <Badge variant="light" color={where.colour} tt="none">
      {where.words}
    </Badge>
  );
}
