import { Paper, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { Item, Items, Mark, Part, Small } from "./pieces";
import { type Setting, useSettings, useVersion } from "./queries";

/** Which version this is, and how it is set up; nothing of it can be changed from here. */
export function System() {
  const version = useVersion();
  const settings = useSettings();
  const [words, setWords] = useState("");
  const [which, setWhich] = useState("set");
  if (settings.isPending) return <Loading />;
  const sought = words.trim().toLowerCase();
  const found = (settings.data?.items ?? []).filter(
    (one) => (which === "all" || one.source !== "default") && (!sought || `${one.name} ${one.description}`.toLowerCase().includes(sought)),
  );
  return (
    <Stack gap="xl">
      <Part title="Version">
        <Paper withBorder p="md" radius="md">
          <Problem error={version.error} retry={() => void version.refetch()} />
          <Text>marketmover {version.data?.version ?? ""}</Text>
          <Small>Open source, under the Apache licence 2.0.</Small>
        </Paper>
      </Part>
      <Part
        title="Settings"
        about="Whoever runs the server sets these there, by variables of the same names; they hold after a restart. What is secret is never shown."
      >
        <Problem error={settings.error} retry={() => void settings.refetch()} />
        <SegmentedControl
          data={[
            { value: "set", label: "Set on the server" },
            { value: "all", label: "All there are" },
          ]}
          value={which}
          onChange={setWhich}
          aria-label="Which settings"
        />
        <TextInput
          label="Find"
          placeholder="A name, or a word of what it is about"
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        {settings.data && found.length === 0 && (
          <Text c="dimmed">{sought ? "No setting has these words." : "Nothing is set: all is as it comes."}</Text>
        )}
        <Items label="Settings">
          {found.map((one) => (
            <One key={one.name} one={one} />
          ))}
        </Items>
      </Part>
    </Stack>
  );
}

const SOURCES: Record<Setting["source"], { label: string; colour: string }> = {
  environment: { label: "from a variable", colour: "indigo" },
  file: { label: "from the .env file", colour: "indigo" },
  default: { label: "as it comes", colour: "gray" },
};

function One({ one }: { one: Setting }) {
  const source = SOURCES[one.source];
  const value = one.secret
    ? one.is_set
      ? "Set, and not shown"
      : "Not set"
    : one.value === "" || one.value === null
      ? "Empty"
      : typeof one.value === "boolean"
        ? one.value
          ? "yes"
          : "no"
        : String(one.value);
  return (
    <Item title={one.name} badges={<Mark colour={source.colour}>{source.label}</Mark>}>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        {value}
      </Text>
      <Small>{one.description.replaceAll("`", "")}</Small>
    </Item>
  );
}
