"""The texts of past ads, with the line that each runs in."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from marketmover.history.loading.daily import Cut
from marketmover.history.loading.lines import Known, LineKey
from marketmover.history.loading.panels import load_lines
from marketmover.history.resources import AdText
from marketmover.history.tables import CREATIVES, IbisTable, current_rows, ensure_tables

if TYPE_CHECKING:
    from marketmover.store import Lake

_RUNNING = ("ACTIVE", "ENABLED", "UNKNOWN")


def load_creatives(lake: "Lake", *, as_of: date | None = None) -> tuple[AdText, ...]:
    """Every ad that was exported, in the order of platform, line and what it was shown.

    Args:
        lake: Holds imported histories.
        as_of: The last day whose figures count.
    """
    ensure_tables(lake)
    keys, known = load_lines(lake, Cut(as_of))
    figures = _ad_figures(lake, Cut(as_of))
    rows = current_rows(lake, CREATIVES)
    ads = [_ad_text(row, keys, known, figures.get((row["platform"], row["ad_id"]), {})) for row in rows]
    return tuple(sorted(ads, key=lambda ad: (ad.platform, ad.line_id or "", -ad.impressions, ad.id)))


def _line_of(row: Mapping[str, Any], keys: list[LineKey]) -> str | None:
    mine = [key for key in keys if (key.platform, key.campaign_id) == (row["platform"], row["campaign_id"])]
    return next((key.id for key in mine if not key.by_group or key.group_id == row["group_id"]), None)


def _ad_figures(lake: "Lake", cut: Cut) -> dict[tuple[str, str], dict[str, Any]]:
    """Figures of ads from rows that are split by nothing but the ad."""
    facts: IbisTable = cut.facts(lake, "ad")
    facts = facts.filter((facts.dims == "") & ~facts.segment.contains(","))
    facts = facts.mutate(ad_id=facts.segment.substr(len("ad=")))
    summed = facts.group_by(["platform", "ad_id"]).aggregate(
        impressions=facts.impressions.sum().fill_null(0),
        clicks=facts.clicks.sum().fill_null(0),
        conversions=facts.conversions.sum().fill_null(0),
    )
    return {(row["platform"], row["ad_id"]): row for row in summed.to_pyarrow().to_pylist()}


def _ad_text(row: Mapping[str, Any], keys: list[LineKey], known: Known, figures: Mapping[str, Any]) -> AdText:
    titles = tuple(row["headlines"] or ()) or ((row["title"],) if row["title"] else ())
    bodies = tuple(row["descriptions"] or ()) or ((row["body"],) if row["body"] else ())
    return AdText(
        id=row["ad_id"],
        platform=row["platform"],
        line_id=_line_of(row, keys),
        headlines=titles,
        descriptions=bodies,
        call_to_action=row["call_to_action"],
        form=known.form_of(row),
        final_url=row["final_url"],
        running=(row["status"] or "UNKNOWN") in _RUNNING,
        impressions=float(figures.get("impressions") or 0),
        clicks=float(figures.get("clicks") or 0),
        conversions=float(figures.get("conversions") or 0),
        creative_id=row["creative_id"],
        page_id=row["page_id"],
        picture=row["picture"],
        lead_gen_form_id=row["lead_gen_form_id"],
        created_on=row["created_on"],
        group_id=row["group_id"] or None,
    )
