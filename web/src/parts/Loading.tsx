import { Skeleton, Stack } from "@mantine/core";

/** The shape of what is coming. */
export function Loading({ rows = 3, height = 72 }: { rows?: number; height?: number }) {
  return (
    <Stack aria-busy="true" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} radius="md" />
      ))}
    </Stack>
  );
}
