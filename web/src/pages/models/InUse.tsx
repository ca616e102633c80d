import { Badge, Button, Group, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { Link } from "react-router";
import { useHistorySummary } from "../../api/queries";
import { useMay } from "../../api/session";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { ago } from "../../words/figures";
import { Mark } from "./Mark";
import type { ModelSummary } from "./found";
import { useModels } from "./queries";

/** The models that decide something here: what plans rest on first, then the rest. */
export function InUse() {
  const models = useModels();
  if (models.error && !models.data) return <Problem error={models.error} retry={() => void models.refetch()} />;
  if (!models.data) return <Loading rows={4} />;
  const [first, ...others] = models.data.items;
  return (
    <Stack gap="lg">
      {first && <Trust model={first} />}
      <Stack gap="sm" component="section" aria-labelledby="others">
        <Title order={2} size="h4" id="others">
          What else decides
        </Title>
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          {others.map((model) => (
            <ModelCard key={model.id} model={model} />
          ))}
        </SimpleGrid>
      </Stack>
    </Stack>
  );
}

/** How far plans can be trusted: by the workspace's own past, or what it takes to know. */
function Trust({ model }: { model: ModelSummary }) {
  const history = useHistorySummary();
  const may = useMay("plans:write");
  const here = model.proof.where === "here";
  if (history.data && !history.data.last_date) {
    return (
      <Empty
        icon="models"
        title="Nothing to learn from yet"
        actions={<BringIn />}
      >
        Plans rest on curves that are learned from what your campaigns did. Once some months of it are here, advice can be tried on them.
      </Empty>
    );
  }
  return (
    <Paper withBorder p="md" radius="md" component="section" aria-labelledby="trust">
      <Stack gap="sm">
        <Group gap="xs">
          <Title order={2} size="h4" id="trust">
            Can plans be trusted here?
          </Title>
          <Mark proof={model.proof} />
        </Group>
        {!here && <Text>It was not tried on your own past yet. That takes a minute or two, changes nothing, and says what past advice would have brought.</Text>}
        <Text size={here ? "lg" : undefined}>
          {here ? "" : "On benchmarks: "}
          {model.proof.headline}
        </Text>
        {here && <Text>{model.calibration}</Text>}
        <Text size="sm" c="dimmed">
          {model.name}: {model.learns_from.words} {model.fitted_at ? `Last learned for a plan ${ago(model.fitted_at)}.` : ""}
        </Text>
        <Group>
          <Button component={Link} to={`/models/${model.id}`} variant={here ? "filled" : "default"}>
            See the proof
          </Button>
          {may && (
            <Button component={Link} to="/models/past" variant={here ? "default" : "filled"}>
              {here ? "Try it again" : "Try it on your past"}
            </Button>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}

/** The way to figures, for those who may bring them in. */
export function BringIn() {
  const imports = useMay("history:write");
  const connects = useMay("accounts:write");
  if (!imports && !connects) return null;
  return (
    <Button component={Link} to={imports ? "/data/imports" : "/settings/connections"}>
      Bring in your history
    </Button>
  );
}

function ModelCard({ model }: { model: ModelSummary }) {
  return (
    <Paper withBorder p="md" radius="md" component={Link} to={`/models/${model.id}`} className="card-link">
      <Stack gap={6}>
        <Group gap="xs" justify="space-between">
          <Text fw={600}>{model.name}</Text>
          <Group gap={6}>
            {model.can_change && (
              <Badge variant="light" color="indigo" tt="none">
                Can be changed
              </Badge>
            )}
            <Mark proof={model.proof} />
          </Group>
        </Group>
        <Text size="sm">{model.decides}</Text>
        <Text size="sm" c="dimmed">
          {model.proof.headline}
        </Text>
      </Stack>
    </Paper>
  );
}
