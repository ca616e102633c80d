"""Plans, lines and accounts for the tests of what the platforms are sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, TypeVar

from hypothesis import strategies as st
from tests.made_plans import made_line, made_plan

from marketmover.history import GoogleAdGroup, GoogleResource, MetaAdSet, MetaResource
from marketmover.kit import apportion, from_cents, round_to_cent
from marketmover.plans import (
    Audience,
    Bidding,
    Brief,
    Creative,
    LineAudience,
    Plan,
    PlanLine,
    Range,
    SettingChange,
)

START = date(2026, 3, 1)
SEARCH_TEXTS = Creative(
    headline="Yoga in Austin",
    body="Small classes, patient teachers.",
    headlines=["Yoga in Austin", "Book today", "First class free"],
    descriptions=["Small classes, patient teachers.", "Come as you are."],
    final_url="https://example.com/yoga",
)


def line(
    name: str,
    daily: float = 100.0,
    *,
    ad_type: str | None = None,
    bidding: Bidding | None = None,
    audience: LineAudience | None = None,
    creative: Creative | None = None,
    days: int = 28,
) -> PlanLine:
    """A line by its id: `google_ads:55:551` runs, `meta_ads:new:1` is new."""
    told = {"ad_type": ad_type, "bidding": bidding, "creative": creative}
    given = {name: value for name, value in told.items() if value is not None}
    reached = audience or LineAudience(countries=["US"], keywords=["yoga classes"])
    return made_line(name, daily, days=days, audience=reached, **given)


Parameter = Literal["audience", "bidding", "message", "ad_type"]


def changed(entry: PlanLine, *parameters: Parameter, before: str = "what was") -> PlanLine:
    """The line with these of its settings counted as changed; what they are stands in the line already."""
    changes = [
        SettingChange(
            parameter=parameter,
            before=before,
            after="what is",
            gain=Range(low=0.0, mid=0.1, high=0.2),
            probability=0.9,
            words="",
        )
        for parameter in parameters
    ]
    return entry.model_copy(update={"changes": changes})


def plan(
    lines: list[PlanLine],
    *,
    currency: str = "USD",
    objective: str = "leads",
    brief: Brief | None = None,
    days: int = 28,
) -> Plan:
    """A plan of these lines from 1 March 2026."""
    asked = brief or Brief(audience=Audience(countries=["US"]), product="yoga classes")
    return made_plan(lines, START, brief=asked, days=days, currency=currency, objective=objective)


def google(campaign: str = "55", **known: object) -> GoogleResource:
    """A running campaign of account 1112223333 with a budget of its own, unless said otherwise."""
    fields: dict[str, object] = {"budget": f"customers/1112223333/campaignBudgets/{campaign}9"}
    return GoogleResource("1112223333", f"customers/1112223333/campaigns/{campaign}", **(fields | known))  # pyright: ignore[reportArgumentType] - tests name fields freely


@dataclass(frozen=True)
class Case:
    """A plan and what is known of its running lines."""

    plan: Plan
    google: Mapping[str, GoogleResource] = field(default_factory=dict[str, GoogleResource])
    meta: Mapping[str, MetaResource] = field(default_factory=dict[str, MetaResource])


_BIDDINGS = st.builds(
    Bidding,
    strategy=st.sampled_from(
        ["UNKNOWN", "TARGET_CPA", "TARGET_ROAS", "MAXIMIZE_CONVERSIONS", "MANUAL_CPC", "TARGET_SPEND", "COST_CAP"]
    ),
    target=st.none() | st.integers(1, 9_999).map(from_cents),
)
_AUDIENCES = st.builds(
    LineAudience,
    countries=st.lists(st.sampled_from(["US", "DE", "GB", "JP", "BR", "ZZ", "CU", "XK"]), unique=True, max_size=4),
    places=st.lists(st.sampled_from(["Austin", "Lyon"]), max_size=1),
    age_min=st.none() | st.integers(13, 65),
    age_max=st.none() | st.integers(18, 99),
    genders=st.lists(st.sampled_from(["FEMALE", "MALE", "UNKNOWN"]), unique=True),
    interests=st.lists(st.sampled_from(["yoga", "running"]), unique=True),
    keywords=st.lists(st.text(max_size=100) | st.sampled_from(["yoga", "[Yoga]", '"yoga class"', "-free"]), max_size=6),
)


_AD_GROUPS = st.builds(
    GoogleAdGroup,
    id=st.sampled_from(["551", "552"]),
    status=st.sampled_from(["ENABLED", "PAUSED", "REMOVED", "UNKNOWN"]),
    excluded=st.frozensets(st.sampled_from(["AGE_RANGE_18_24", "MALE"])),
)
_AD_SETS = st.builds(
    MetaAdSet,
    id=st.sampled_from(["771", "772"]),
    status=st.sampled_from(["ACTIVE", "PAUSED", "ARCHIVED", "UNKNOWN"]),
    targeting=st.none() | st.just({"geo_locations": {"countries": ["US"], "location_types": ["home"]}}),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Plans of running and new lines on both platforms, with budgets from nothing up, known well or badly."""
    days = draw(st.integers(1, 120))
    names = [f"google_ads:{number}:-" for number in range(50, 50 + draw(st.integers(0, 4)))]
    names += [f"meta_ads:{number}:{number}1" for number in range(70, 70 + draw(st.integers(0, 4)))]
    names += [f"google_ads:new:{number}" for number in range(1, 1 + draw(st.integers(0, 2)))]
    names += [f"meta_ads:new:{number}" for number in range(1, 1 + draw(st.integers(0, 2)))]
    total = draw(st.integers(0, 100_000_000))
    shares = [float(draw(st.sampled_from([0, 0, 1, 5, 1_000, 30_000]))) for _ in names]
    cents = apportion(total, shares) if names else []
    lines = [draw(_lines(name, amount, days)) for name, amount in zip(names, cents, strict=True)]
    found = [entry for entry in lines if not entry.is_new and draw(st.integers(0, 4)) > 0]
    return Case(
        plan(
            lines,
            currency=draw(st.sampled_from(["USD", "EUR", "JPY", "HUF", "KRW"])),
            objective=draw(st.sampled_from(["leads", "qualified_leads", "revenue", "clicks", "reach", "installs"])),
            days=days,
        ),
        {entry.id: draw(_google(entry)) for entry in found if entry.platform == "google_ads"},
        {entry.id: draw(_meta(entry)) for entry in found if entry.platform == "meta_ads"},
    )


@st.composite
def _lines(draw: st.DrawFn, name: str, cents: int, days: int) -> PlanLine:
    forms = {
        "google_ads": ["SEARCH", "DISPLAY", "PERFORMANCE_MAX", "DEMAND_GEN", "VIDEO"],
        "meta_ads": ["IMAGE", "VIDEO", "STORIES", "LEAD_FORM"],
    }
    made = line(
        name,
        ad_type=draw(st.sampled_from(forms[name.split(":", 1)[0]])),
        bidding=draw(_BIDDINGS),
        audience=draw(_AUDIENCES),
        creative=draw(st.none() | st.just(SEARCH_TEXTS)),
    )
    daily = round_to_cent(from_cents(cents) / days)
    parameters: list[Parameter] = draw(
        st.lists(st.sampled_from(["audience", "bidding", "message", "ad_type"]), unique=True)
    )
    made = made if made.is_new else changed(made, *parameters)
    return made.model_copy(update={"budget": from_cents(cents), "daily_budget": daily})


@st.composite
def _google(draw: st.DrawFn, entry: PlanLine) -> GoogleResource:
    shared = draw(st.booleans())
    budget = "1" if shared else entry.campaign_id
    return google(
        entry.campaign_id or "",
        budget=draw(st.none() | st.just(f"customers/1112223333/campaignBudgets/{budget}9")),
        budget_shared=shared,
        status=draw(st.sampled_from(["ENABLED", "PAUSED", "UNKNOWN", "REMOVED"])),
        bidding_strategy=draw(st.sampled_from(["UNKNOWN", "TARGET_CPA", "MAXIMIZE_CONVERSIONS"])),
        bidding_target=draw(st.none() | st.just(20.0)),
        ad_groups=_within(entry, draw(st.lists(_AD_GROUPS, max_size=2, unique_by=lambda group: group.id))),
    )


@st.composite
def _meta(draw: st.DrawFn, entry: PlanLine) -> MetaResource:
    return MetaResource(
        draw(st.sampled_from(["444", "445"])),
        entry.campaign_id or "",
        entry.ad_group_id,
        budget_level=draw(st.sampled_from(["campaign", "ad_set"])),
        budget_kind=draw(st.sampled_from(["daily", "lifetime"])),
        spent=draw(st.none() | st.just(812.4)),
        status=draw(st.sampled_from(["ACTIVE", "PAUSED", "ARCHIVED", "UNKNOWN"])),
        time_zone=draw(st.none() | st.just("America/Chicago")),
        ad_sets=_within(entry, draw(st.lists(_AD_SETS, max_size=2, unique_by=lambda ad_set: ad_set.id))),
    )


G = TypeVar("G", GoogleAdGroup, MetaAdSet)


def _within(entry: PlanLine, groups: list[G]) -> tuple[G, ...]:
    """The groups of one campaign: none belongs to another as well."""
    return tuple(replace(group, id=f"{entry.campaign_id}{group.id}") for group in groups)
