import { Alert, Button, Group, List, Text } from "@mantine/core";
import { ProblemError } from "../api/client";
import { Icon } from "./Icon";

/** What went wrong, and what to do about it. */
export function Problem({ error, retry, title }: { error: unknown; retry?: () => void; title?: string }) {
  if (!error) return null;
  const problem = error instanceof ProblemError ? error : null;
  const words = error instanceof Error ? error.message : String(error);
  return (
    <Alert color="red" variant="light" icon={<Icon name="alert" />} title={<Said words={title ?? words} />} role="alert">
      {title && (
        <Text size="sm">
          <Said words={words} />
        </Text>
      )}
      {problem && problem.faults.length > 0 && (
        <List size="sm">
          {problem.faults.map((fault) => (
            <List.Item key={fault.place + fault.detail}>
              {fault.place}: {fault.detail}
            </List.Item>
          ))}
        </List>
      )}
      <Text size="sm">
        <Said words={problem?.remedy || "Try again; if it stays, reload the page."} />
      </Text>
      <Group gap="sm" mt={retry ? "xs" : 0}>
        {retry && (
          <Button size="xs" variant="default" onClick={retry}>
            Try again
          </Button>
        )}
        {problem && problem.status >= 500 && problem.instance && (
          <Text size="xs" c="dimmed">
            Request {problem.instance}
          </Text>
        )}
      </Group>
    </Alert>
  );
}

/** Words of the server, with its `names` set apart. */
function Said({ words }: { words: string }) {
  return words.split("`").map((part, at) => (at % 2 ? <code key={at}>{part}</code> : part));
}
