import {
  Alert,
  Anchor,
  Box,
  Button,
  Group,
  List,
  Paper,
  PasswordInput,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Textarea,
  Title,
} from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import { useMay } from "../../api/session";
import { Empty } from "../../parts/Empty";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { platformName } from "../../words/figures";
import { type Field, asksOf } from "./platforms";
import { Part } from "./pieces";
import { useAccounts, useConnect, usePlatforms } from "./queries";

/** Connects an account: first which platform, then what it asks for. */
export function AddAccount() {
  const { platform } = useParams();
  const platforms = usePlatforms();
  const accounts = useAccounts();
  const may = useMay("accounts:write");
  const renew = useSearchParams()[0].get("renew") ?? "";
  if (!may) {
    return (
      <Empty icon="lock" title="Your role does not connect accounts">
        An owner or a manager of this workspace does; send them this page's address.
      </Empty>
    );
  }
  if (platforms.isPending || accounts.isPending) return <Loading />;
  if (!platforms.data) return <Problem error={platforms.error} retry={() => void platforms.refetch()} />;
  const chosen = platforms.data.items.find((one) => one.platform === platform);
  const renewed = accounts.data?.items.find((one) => one.name === renew);
  return chosen ? (
    <Credentials
      key={chosen.platform + renew}
      platform={chosen.platform}
      needs={chosen.needs}
      name={renewed?.name}
      accountId={renewed?.account_id}
    />
  ) : (
    <Choice platforms={platforms.data.items} />
  );
}

function Choice({ platforms }: { platforms: { platform: string; simulated: boolean }[] }) {
  const connect = useConnect();
  const go = useNavigate();
  const simulated = platforms.filter((one) => one.simulated);
  return (
    <Stack gap="xl">
      <Part title="Which account?">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {platforms.map((one) => (
            <Choose
              key={one.platform}
              to={`/settings/connections/add/${one.platform}`}
              title={platformName(one.platform)}
              about="Figures come in day by day, and plans can be published to it."
            />
          ))}
          <Choose
            to="/data/imports"
            title="CRM or another export"
            about="Leads of your CRM, or exports of Google Ads and Meta Ads, as JSON files."
          />
        </SimpleGrid>
      </Part>
      {simulated.length > 0 && (
        <Part
          title="Simulated accounts"
          about="They answer as the platforms do, with made-up campaigns. Nothing costs money: good for a first look."
        >
          <Group>
            {simulated.map(({ platform }) => (
              <Button
                key={platform}
                variant="default"
                loading={connect.isPending && connect.variables.platform === platform}
                disabled={connect.isPending}
                onClick={() =>
                  connect.mutate(
                    { platform, credentials: {}, simulated: true },
                    {
                      onSuccess: (made) =>
                        void go("/settings/connections", { state: { said: `${made.title} is connected, as ${made.name}.` } }),
                    },
                  )
                }
              >
                Connect the simulated {platformName(platform)}
              </Button>
            ))}
          </Group>
          <Problem error={connect.error} />
        </Part>
      )}
    </Stack>
  );
}

function Choose({ to, title, about }: { to: string; title: string; about: string }) {
  return (
    <Paper withBorder p="md" radius="md" component={Link} to={to} className="card-link">
      <Group wrap="nowrap">
        <Box flex={1}>
          <Text fw={600}>{title}</Text>
          <Text size="sm" c="dimmed">
            {about}
          </Text>
        </Box>
        <Icon name="right" size={16} />
      </Group>
    </Paper>
  );
}

function Credentials({
  platform,
  needs,
  name,
  accountId,
}: {
  platform: string;
  needs: string[];
  name: string | undefined;
  accountId: string | undefined;
}) {
  const asks = asksOf(platform, needs);
  const connect = useConnect();
  const go = useNavigate();
  const [way, setWay] = useState(asks.ways?.[0]?.value ?? "");
  const [called, setCalled] = useState(name ?? "");
  const idKey = platform === "google_ads" ? "customer_id" : "account_id";
  const [given, setGiven] = useState<Record<string, string>>(accountId ? { [idKey]: accountId } : {});
  const fields = asks.fields.filter((field) => !field.way || field.way === way);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const credentials = Object.fromEntries(
      fields.map((field) => [field.key, (given[field.key] ?? "").trim()]).filter(([, value]) => value),
    );
    connect.mutate(
      { platform, name: called.trim() || null, credentials, simulated: false },
      {
        onSuccess: (made) => {
          const said = name
            ? `${made.title} has its new token; it was tried and works.`
            : `${made.title} is connected. Its figures are fetched by themselves from now on.`;
          void go("/settings/connections", { state: { said } });
        },
      },
    );
  };
  return (
    <Stack gap="lg" maw={640}>
      <div>
        <Title order={2} size="h4">
          {name ? `A new token for ${name}` : `Connect ${platformName(platform)}`}
        </Title>
        {!name && (
          <Anchor component={Link} to="/settings/connections/add" size="sm">
            Another platform
          </Anchor>
        )}
      </div>
      {asks.steps.length > 0 && (
        <List type="ordered" size="sm" spacing={4}>
          {asks.steps.map((step) => (
            <List.Item key={step}>{step}</List.Item>
          ))}
        </List>
      )}
      <form onSubmit={submit} autoComplete="off">
        <Stack>
          {asks.ways && <SegmentedControl data={asks.ways} value={way} onChange={setWay} aria-label="How marketmover is let in" />}
          {fields.map((field) => (
            <Entry
              key={field.key}
              field={field}
              value={given[field.key] ?? ""}
              change={(value) => setGiven({ ...given, [field.key]: value })}
            />
          ))}
          {!name && (
            <TextInput
              label="What to call it here"
              description="Lower case letters, digits, - and _. May be left empty."
              pattern="[a-z0-9][a-z0-9_.\-]{0,63}"
              value={called}
              onChange={(event) => setCalled(event.currentTarget.value)}
            />
          )}
          {asks.note && (
            <Alert color="gray" variant="light">
              {asks.note}
            </Alert>
          )}
          <Problem error={connect.error} />
          <Group>
            <Button type="submit" loading={connect.isPending}>
              {name ? "Try it and keep it" : "Connect"}
            </Button>
            <Button component={Link} to="/settings/connections" variant="default">
              Leave it
            </Button>
          </Group>
          {connect.isPending && (
            <Text size="sm" c="dimmed" role="status">
              {platformName(platform)} is being asked. That can take some seconds.
            </Text>
          )}
        </Stack>
      </form>
    </Stack>
  );
}

function Entry({ field, value, change }: { field: Field; value: string; change: (value: string) => void }) {
  const shared = { label: field.label, description: field.where, required: !field.optional, value, autoComplete: "off" };
  if (field.long)
    return (
      <Textarea {...shared} autosize minRows={4} maxRows={12} spellCheck={false} onChange={(event) => change(event.currentTarget.value)} />
    );
  if (field.secret)
    return <PasswordInput {...shared} autoComplete="new-password" onChange={(event) => change(event.currentTarget.value)} />;
  return <TextInput {...shared} onChange={(event) => change(event.currentTarget.value)} />;
}
