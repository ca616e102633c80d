import { useSearchParams } from "react-router";

const OWN = ["q", "sort", "up", "line"];

/** What of the address goes along to the next page: the period and the currency, not a search or an order. */
export function useCarried(): string {
  const kept = new URLSearchParams(useSearchParams()[0]);
  for (const name of OWN) kept.delete(name);
  const text = kept.toString();
  return text ? `?${text}` : "";
}

/** Changes the address's query; what is empty is taken out. */
export function useChanged(): (changes: Record<string, string>) => void {
  const [, setQuery] = useSearchParams();
  return (changes) =>
    setQuery(
      (former) => {
        const next = new URLSearchParams(former);
        for (const [name, value] of Object.entries(changes)) {
          if (value) next.set(name, value);
          else next.delete(name);
        }
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
}

export function addressOf(platform: string, campaign: string, group: string, carried: string): string {
  const parts = [platform, campaign, group].filter(Boolean).map(encodeURIComponent);
  return `/campaigns/${parts.join("/")}${carried}`;
}
