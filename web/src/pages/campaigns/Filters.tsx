import { Group, Select, TextInput } from "@mantine/core";
import { useNavigate, useSearchParams } from "react-router";
import { platformName } from "../../words/figures";
import { addressOf, useCarried, useChanged } from "./address";
import { PRESETS, type Period, presetOf } from "./period";

const COMPARED = [
  { value: "previous", label: "with the days before" },
  { value: "year", label: "with the year before" },
  { value: "none", label: "with nothing" },
];
const ALL = "all";

interface Asked {
  period: Period;
  codes: string[];
  currency: string | undefined;
  /** What can be chosen from, and which is; without any, nothing is. */
  platforms?: string[];
  platform?: string;
}

/** Which days, beside which others, of which platform and in which currency; all of it stands in the address. */
export function Filters({ period, codes, currency, platforms = [], platform }: Asked) {
  const [query] = useSearchParams();
  const set = useChanged();
  const go = useNavigate();
  const carried = useCarried();
  const days = presetOf(query);
  return (
    <Group gap="sm" align="flex-end" component="section" aria-label="What is shown">
      <Select
        label="Days"
        w={{ base: "100%", xs: 170 }}
        data={PRESETS}
        value={days}
        allowDeselect={false}
        onChange={(value) => value && set(value === "custom" ? { days: value, first: period.first, last: period.last } : { days: value, first: "", last: "" })}
      />
      {days === "custom" && (
        <>
          <TextInput type="date" label="From" required withAsterisk={false} value={query.get("first") ?? period.first} max={period.last} onChange={(event) => set({ first: event.currentTarget.value })} />
          <TextInput type="date" label="To" required withAsterisk={false} value={query.get("last") ?? period.last} min={period.first} onChange={(event) => set({ last: event.currentTarget.value })} />
        </>
      )}
      <Select label="Compare" w={{ base: "100%", xs: 200 }} data={COMPARED} value={period.compare} allowDeselect={false} onChange={(value) => value && set({ compare: value })} />
      {platforms.length > 1 && (
        <Select
          label="Platform"
          w={{ base: "100%", xs: 160 }}
          data={[{ value: ALL, label: "All platforms" }, ...platforms.map((value) => ({ value, label: platformName(value) }))]}
          value={platform ?? ALL}
          allowDeselect={false}
          onChange={(value) => value && void go(value === ALL ? `/campaigns${carried}` : addressOf(value, "", "", carried))}
        />
      )}
      {codes.length > 1 && (
        <Select label="Currency" w={{ base: "100%", xs: 110 }} data={codes} value={currency ?? null} allowDeselect={false} onChange={(value) => value && set({ currency: value })} />
      )}
    </Group>
  );
}
