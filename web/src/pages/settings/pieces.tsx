import { Alert, Badge, Box, Button, Group, type MantineColor, Modal, Paper, Stack, Text, Textarea, Title } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { type ReactNode, useId } from "react";
import { Icon } from "../../parts/Icon";
import { Problem } from "../../parts/Problem";

/** A part of a page, with its title and what can be done. */
export function Part({ title, about, actions, children }: { title: string; about?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <Stack gap="sm" component="section" aria-labelledby={id}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <Box flex={1} miw={220}>
          <Title order={2} size="h4" id={id}>
            {title}
          </Title>
          {about && (
            <Text size="sm" c="dimmed" component="div">
              {about}
            </Text>
          )}
        </Box>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

/** A list of things, each a card. */
export function Items({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Stack component="ul" gap="xs" m={0} p={0} aria-label={label} style={{ listStyle: "none" }}>
      {children}
    </Stack>
  );
}

/** One thing of a list: what it is called, how it stands, and what can be done with it. */
export function Item({
  title,
  badges,
  actions,
  children,
}: {
  title: ReactNode;
  badges?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <Paper withBorder p="md" radius="md" component="li">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={4} flex={1} miw={260}>
          <Group gap="xs">
            <Text fw={600} style={{ overflowWrap: "anywhere" }}>
              {title}
            </Text>
            {badges}
          </Group>
          {children}
        </Stack>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
    </Paper>
  );
}

/** How something stands, in a word or two. */
export function Mark({ colour = "gray", children }: { colour?: MantineColor; children: ReactNode }) {
  return (
    <Badge variant="light" color={colour} tt="none" radius="sm">
      {children}
    </Badge>
  );
}

/** Small words below a title. */
export function Small({ children }: { children: ReactNode }) {
  return (
    <Text size="sm" c="dimmed" component="div" style={{ overflowWrap: "anywhere" }}>
      {children}
    </Text>
  );
}

interface Asked {
  title: string;
  opened: boolean;
  close: () => void;
  /** What the button says: the deed itself. */
  yes: string;
  act: () => void;
  busy: boolean;
  error: unknown;
  harmless?: boolean;
  children: ReactNode;
}

/** Asks before something is done that is not easily undone. */
export function Confirm({ title, opened, close, yes, act, busy, error, harmless, children }: Asked) {
  return (
    <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ "aria-label": "Close" }}>
      <Stack>
        <Text component="div">{children}</Text>
        <Problem error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            Leave it
          </Button>
          <Button color={harmless ? undefined : "red.9"} loading={busy} onClick={act}>
            {yes}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Words that are told this once, to copy. */
export function Once({ label, text, rows = 1, children }: { label: string; text: string; rows?: number; children: ReactNode }) {
  const clipboard = useClipboard({ timeout: 3000 });
  return (
    <Stack gap="xs">
      <Text component="div">{children}</Text>
      <Textarea
        label={label}
        value={text}
        readOnly
        autosize
        minRows={rows}
        styles={{ input: { fontFamily: "monospace" } }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Group gap="sm">
        <Button
          variant="default"
          leftSection={<Icon name={clipboard.copied ? "check" : "file"} size={18} />}
          onClick={() => clipboard.copy(text)}
        >
          {clipboard.copied ? "Copied" : "Copy"}
        </Button>
        <Text size="sm" c="dimmed" role="status">
          {clipboard.error ? "This browser does not let pages copy: select it and press Ctrl C." : ""}
        </Text>
      </Group>
    </Stack>
  );
}

/** That something went well. */
export function Done({ children }: { children: ReactNode }) {
  return (
    <Alert color="teal" variant="light" icon={<Icon name="check" />} role="status">
      {children}
    </Alert>
  );
}
