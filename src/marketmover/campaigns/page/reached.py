"""Who is reached, as a section of the plan's page: in words, with the figures folded away."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from marketmover.campaigns.page.words import cost_metric, metric_name, metric_value
from marketmover.charts import Column, Formats, join, or_dash, table, tag
from marketmover.plans import GroupReport, Plan, Range, ReachedGroup

_TITLES = {"age": "By age", "gender": "By gender", "country": "By country", "region": "By place"}


@dataclass(frozen=True)
class Reached:
    """One report: its title, its words, the days it covers, and the table of its figures."""

    title: str
    words: str
    days: str
    figures: Markup


def reached(plan: Plan, formats: Formats) -> Sequence[Reached]:
    """The plan's reports on who is reached."""
    return [
        Reached(
            _TITLES[report.by],
            report.words,
            formats.dates(report.first_date, report.last_date),
            _figures(report, formats),
        )
        for report in plan.fairness.groups
    ]


def _figures(report: GroupReport, formats: Formats) -> Markup:
    what = metric_name(report.metric, formats)
    price = metric_name(cost_metric(report.metric) or "cost", formats)
    heads = [
        Column("Who"),
        Column("Views", figures=True, minor=True),
        Column("Money", figures=True),
        Column(what, figures=True),
        Column("Cost of a unit of it" if cost_metric(report.metric) == "roas" else price, figures=True),
        Column("Share today", figures=True, minor=True),
        Column("In the plan", figures=True),
    ]
    return table(heads, [_row(group, report, formats) for group in report.groups])


def _row(group: ReachedGroup, report: GroupReport, formats: Formats) -> list[str]:
    asked = {True: "asked for", False: "not asked for", None: ""}[group.asked]
    return [
        join(f"{group.name[:1].upper()}{group.name[1:]} ", tag("span", asked, class_="kind")),
        formats.share(group.impressions_share),
        formats.share(group.spend_share),
        _with_small(formats.share(group.outcome_share), metric_value(report.metric, group.outcome, formats)),
        _cost(group.cost, formats),
        formats.share(group.today),
        formats.share(group.planned),
    ]


def _cost(cost: Range | None, formats: Formats) -> Markup:
    if cost is None:
        return join(or_dash(None, str))
    write = formats.per_unit if cost.mid < 1 else formats.money
    return _with_small(write(cost.mid), formats.between(cost.low, cost.high, write))


def _with_small(figure: str, small: str) -> Markup:
    return join(figure, " ", tag("span", small, class_="range"))
