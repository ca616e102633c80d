import { Button, Group, MultiSelect, Popover, Select, Stack, TagsInput, Text, TextInput, UnstyledButton } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type Brief, useCorrectBrief } from "../../api/queries";
import { useMay } from "../../api/session";
import { Icon } from "../../parts/Icon";
import { Problem } from "../../parts/Problem";
import { FIELDS, type Field, GROUPS, said } from "./fields";

interface Asked {
  brief: Brief;
  lit: string | null;
  light: (field: string | null) => void;
  opened: string | null;
  open: (field: string | null) => void;
}

/** What was understood, as chips that a click corrects. */
export function Chips({ brief, lit, light, opened, open }: Asked) {
  return (
    <Stack gap="sm">
      {GROUPS.map((group) => (
        <Group key={group} gap={8} align="flex-start" wrap="nowrap">
          <Text size="sm" c="dimmed" w={52} pt={6} style={{ flexShrink: 0 }}>
            {group}
          </Text>
          <Group gap={6}>
            {FIELDS.filter((field) => field.group === group).map((field) => (
              <Chip
                key={field.name}
                field={field}
                brief={brief}
                lit={lit === field.name}
                light={light}
                opened={opened === field.name}
                open={open}
              />
            ))}
          </Group>
        </Group>
      ))}
    </Stack>
  );
}

const ORIGINS: Record<string, string> = { text: "from the text", answer: "from an answer", client: "corrected" };

function originOf(brief: Brief, field: string): string {
  const own = brief.origins[field] ?? Object.entries(brief.origins).find(([name]) => name.startsWith(`${field}.`))?.[1];
  return own ? (ORIGINS[own] ?? own) : "not said";
}

interface ChipAsked {
  field: Field;
  brief: Brief;
  lit: boolean;
  light: (field: string | null) => void;
  opened: boolean;
  open: (field: string | null) => void;
}

function Chip({ field, brief, lit, light, opened, open }: ChipAsked) {
  const mayWrite = useMay("briefs:write");
  const words = said(field, brief.brief);
  const border = lit ? "var(--mantine-color-orange-6)" : "var(--mantine-color-default-border)";
  return (
    <Popover
      opened={opened}
      onChange={(now) => open(now ? field.name : null)}
      position="bottom-start"
      width={300}
      trapFocus
      returnFocus
      withinPortal
    >
      <Popover.Target>
        <UnstyledButton
          disabled={!mayWrite}
          onClick={() => open(opened ? null : field.name)}
          onMouseEnter={() => light(field.name)}
          onMouseLeave={() => light(null)}
          onFocus={() => light(field.name)}
          onBlur={() => light(null)}
          px={10}
          py={4}
          style={{
            borderRadius: 16,
            border: `1px ${words === null ? "dashed" : "solid"} ${border}`,
            background: words === null ? "transparent" : "var(--mantine-color-default)",
          }}
        >
          <Text size="sm" component="span">
            {words === null ? (
              <Text component="span" size="sm" c="dimmed">
                + {field.label}
              </Text>
            ) : (
              <>
                <Text component="span" size="sm" c="dimmed">
                  {field.label}:{" "}
                </Text>
                {words}
                {originOf(brief, field.name) === "corrected" && (
                  <Text component="span" size="xs" c="dimmed">
                    {" "}
                    · corrected
                  </Text>
                )}
              </>
            )}
          </Text>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Editor field={field} brief={brief} words={words} done={() => open(null)} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Editor({ field, brief, words, done }: { field: Field; brief: Brief; words: string | null; done: () => void }) {
  const correct = useCorrectBrief(brief.id);
  const now = field.read(brief.brief);
  const listed = Array.isArray(now) ? now.filter((one): one is string => typeof one === "string") : [];
  const [text, setText] = useState(typeof now === "string" ? now : (words ?? ""));
  const [list, setList] = useState(listed);
  const many = field.edit === "choices" || field.edit === "list";
  const send = (value: unknown) => correct.mutate({ [field.name]: value }, { onSuccess: done });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(many ? list : text.trim() || null);
  };
  const evidence = brief.brief.evidence?.[field.name];
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <EditorInput field={field} text={text} setText={setText} list={list} setList={setList} />
        <Text size="xs" c="dimmed">
          {words === null
            ? "The brief does not say."
            : evidence
              ? `${originOf(brief, field.name)}: “${evidence}”`
              : originOf(brief, field.name)}
        </Text>
        <Problem error={correct.error} />
        <Group justify="space-between">
          {words !== null && (
            <Button size="xs" variant="subtle" color="gray" onClick={() => send(null)} disabled={correct.isPending}>
              Clear
            </Button>
          )}
          <Button size="xs" type="submit" ml="auto" loading={correct.isPending} leftSection={<Icon name="check" size={14} />}>
            Set
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface InputAsked {
  field: Field;
  text: string;
  setText: (text: string) => void;
  list: string[];
  setList: (list: string[]) => void;
}

function EditorInput({ field, text, setText, list, setList }: InputAsked) {
  const inside = { withinPortal: false };
  if (field.edit === "choice") {
    return (
      <Select
        data-autofocus
        label={field.label}
        data={field.options}
        value={text || null}
        onChange={(value) => setText(value ?? "")}
        comboboxProps={inside}
      />
    );
  }
  if (field.edit === "choices") {
    return <MultiSelect data-autofocus label={field.label} data={field.options} value={list} onChange={setList} comboboxProps={inside} />;
  }
  if (field.edit === "list") {
    return (
      <TagsInput
        data-autofocus
        label={field.label}
        description="Press Enter after each"
        value={list}
        onChange={setList}
        comboboxProps={inside}
      />
    );
  }
  return (
    <TextInput
      data-autofocus
      label={field.label}
      description={field.hint}
      type={field.edit === "day" ? "date" : "text"}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}
