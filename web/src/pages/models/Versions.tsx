import { Badge, Button, Group, Modal, Paper, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useMay } from "../../api/session";
import { Problem } from "../../parts/Problem";
import { ago, measure, whole } from "../../words/figures";
import { likely } from "../../words/sureness";
import type { Model, Version } from "./found";
import { useUseVersion } from "./queries";

/** The versions that could be in use, and a way back to each. */
export function Versions({ model }: { model: Model }) {
  const [chosen, setChosen] = useState<Version | null>(null);
  const may = useMay("models:write");
  return (
    <Stack gap="sm" component="section" aria-labelledby="versions">
      <div>
        <Title order={2} size="h4" id="versions">
          Versions
        </Title>
        <Text size="sm" c="dimmed">
          {model.versions.length > 1
            ? "A version that your labels taught is put in use by itself where it is surely better. You can go back to any of them."
            : "There is one version so far. A few hundred of your own texts, labelled by people, can teach another; whoever looks after the installation can bring them in."}
          {!may && model.versions.length > 1 && " An owner or a manager can change it."}
        </Text>
      </div>
      {model.versions.map((version) => (
        <Paper key={version.number} withBorder p="sm" radius="md">
          <Group justify="space-between" gap="sm">
            <div style={{ flex: "1 1 240px" }}>
              <Group gap="xs">
                <Text fw={600}>{nameOf(version)}</Text>
                {version.in_use && (
                  <Badge color="teal" variant="light">
                    In use
                  </Badge>
                )}
              </Group>
              <Text size="sm" c="dimmed">
                {aboutOf(version)}
              </Text>
            </div>
            {may && !version.in_use && (
              <Button size="xs" variant="default" onClick={() => setChosen(version)}>
                Use this one
              </Button>
            )}
          </Group>
        </Paper>
      ))}
      <Confirmed model={model} version={chosen} close={() => setChosen(null)} />
    </Stack>
  );
}

function Confirmed({ model, version, close }: { model: Model; version: Version | null; close: () => void }) {
  const use = useUseVersion(model.id);
  const leave = () => {
    use.reset();
    close();
  };
  return (
    <Modal opened={version !== null} onClose={leave} title="Use another version">
      {version && (
        <Stack>
          <Text>
            From now on texts are read by {lower(nameOf(version))}. {version.number > 0 ? aboutOf(version) : "What your labels taught is set aside, not lost."}
          </Text>
          <Text size="sm" c="dimmed">
            Plans that exist stay as they are. The audit log notes who changed it, and you can change it back here.
          </Text>
          <Problem error={use.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={leave}>
              Leave it
            </Button>
            <Button loading={use.isPending} onClick={() => use.mutate(version.number, { onSuccess: leave })}>
              Use {lower(nameOf(version))}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

const nameOf = (version: Version) => (version.number === 0 ? "The one it came with" : `Version ${version.number}`);
const lower = (words: string) => words.charAt(0).toLowerCase() + words.slice(1);

function aboutOf(version: Version): string {
  const made = version.made_at ? `, ${ago(version.made_at)}` : "";
  if (version.macro_f1 === null || version.macro_f1 === undefined) return `${version.words}${made}.`;
  const before = version.macro_f1_before ?? 0;
  const sure = version.probability_better === null || version.probability_better === undefined ? "" : `; better: ${likely(version.probability_better)}`;
  return `${version.words}${made}. On ${whole(version.held_out ?? 0)} texts held back its readings agree with people's by ${measure(version.macro_f1)} of 1, those of the one before by ${measure(before)}${sure}.`;
}
