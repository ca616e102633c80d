import { ActionIcon, Anchor, Badge, Button, Group, Paper, SimpleGrid, Text, Tooltip } from "@mantine/core";
import { useState } from "react";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { Section } from "../../parts/Section";
import { saveCsv } from "../../parts/csv";
import { count, day, money, percent } from "../../words/figures";
import { counted } from "../../words/sureness";
import type { Period } from "./period";
import { type Ad, type Whose, useAds } from "./queries";

const FEW = 6;

/** The ads beneath: what they show, and what came of it. */
export function Ads({ whose, period, currency }: { whose: Whose; period: Period; currency: string }) {
  const ads = useAds(whose, period);
  const [all, setAll] = useState(false);
  if (ads.isPending) return <Loading rows={1} height={120} />;
  const found = ads.data?.items ?? [];
  return (
    <Section
      title="Ads"
      about={found.length > 0 ? about(found, period) : "No ads were exported for it."}
      actions={
        found.length > 0 && (
          <Tooltip label="Save as CSV">
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Save Ads as CSV" onClick={() => save(found)}>
              <Icon name="download" />
            </ActionIcon>
          </Tooltip>
        )
      }
      card
    >
      <Problem error={ads.error} retry={() => void ads.refetch()} />
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {found.slice(0, all ? undefined : FEW).map((ad) => (
          <AdCard key={ad.ad_id} ad={ad} currency={currency} />
        ))}
      </SimpleGrid>
      {found.length > FEW && !all && (
        <Button variant="default" style={{ alignSelf: "flex-start" }} onClick={() => setAll(true)}>
          Show all {found.length}
        </Button>
      )}
    </Section>
  );
}

/** Which days the figures of ads cover, where it is not the whole period. */
function about(ads: Ad[], period: Period): string {
  const days = ads.flatMap((ad) => (ad.first_date && ad.last_date ? [ad.first_date, ad.last_date] : [])).sort();
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return `${counted(ads.length, "ad")}; the exports have no figures of single ads for these days.`;
  if (first <= period.first && last >= period.last) return counted(ads.length, "ad");
  return `${counted(ads.length, "ad")}; figures of single ads are there from ${day(first)} to ${day(last)} only.`;
}

function AdCard({ ad, currency }: { ad: Ad; currency: string }) {
  const rate = ad.impressions ? (ad.clicks ?? 0) / ad.impressions : null;
  const web = /^https?:\/\//.test(ad.final_url);
  return (
    <Paper withBorder p="sm" radius="md">
      <Group gap="xs" mb={4}>
        {ad.format && (
          <Badge size="sm" variant="light" color="gray">
            {ad.format.toLowerCase().replaceAll("_", " ")}
          </Badge>
        )}
        {ad.status && !/^(ENABLED|ACTIVE|UNKNOWN)$/.test(ad.status) && (
          <Badge size="sm" variant="light" color="gray">
            {ad.status.toLowerCase().replaceAll("_", " ")}
          </Badge>
        )}
      </Group>
      <Text fw={600} style={{ overflowWrap: "anywhere" }}>
        {ad.headlines[0] ?? `Ad ${ad.ad_id}`}
      </Text>
      {[...ad.headlines.slice(1), ...ad.descriptions].length > 0 && (
        <Text size="sm" c="dimmed" lineClamp={4}>
          {[...ad.headlines.slice(1), ...ad.descriptions].join(" · ")}
        </Text>
      )}
      {web && (
        <Anchor size="sm" href={ad.final_url} target="_blank" rel="noopener noreferrer" style={{ overflowWrap: "anywhere" }}>
          {ad.final_url}
        </Anchor>
      )}
      <Text size="sm" mt={4} className="figures">
        {ad.impressions === null
          ? "No figures for these days."
          : `Shown ${count(ad.impressions)} times, ${counted(ad.clicks ?? 0, "click")}${rate === null ? "" : ` (${percent(rate, 2)})`}${ad.cost ? `, ${money(ad.cost, currency)}` : ""}${ad.conversions ? `, ${count(ad.conversions)} conversions` : ""}`}
      </Text>
    </Paper>
  );
}

function save(ads: Ad[]): void {
  saveCsv(
    "ads",
    ["Ad", "Status", "Format", "Headlines", "Descriptions", "Leads to", "Impressions", "Clicks", "Spend", "Conversions"],
    ads.map((ad) => [
      ad.ad_id,
      ad.status,
      ad.format,
      ad.headlines.join(" | "),
      ad.descriptions.join(" | "),
      ad.final_url,
      ad.impressions ?? null,
      ad.clicks ?? null,
      ad.cost ?? null,
      ad.conversions ?? null,
    ]),
  );
}
