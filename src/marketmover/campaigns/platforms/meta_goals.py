"""What a Meta campaign is for: objective, optimisation goal, promoted object and special categories, as data."""

import re
from dataclasses import dataclass
from typing import Any

from marketmover.campaigns.platforms.payload import (
    INSERT_APPLICATION_ID,
    INSERT_PAGE_ID,
    INSERT_PIXEL_ID,
    INSERT_STORE_LINK,
)
from marketmover.plans import Brief, Plan, PlanLine


@dataclass(frozen=True)
class MetaGoal:
    """What an ad set works towards.

    Attributes:
        objective: The campaign's, one of `OUTCOME_*`.
        optimization_goal: The ad set's.
        destination_type: Where its ads lead, `None` where the goal says it.
        promoted: What its `promoted_object` must hold; a placeholder where only the account knows.
    """

    objective: str
    optimization_goal: str
    destination_type: str | None = None
    promoted: tuple[tuple[str, str], ...] = ()


def _website(objective: str, goal: str, event: str) -> MetaGoal:
    return MetaGoal(objective, goal, "WEBSITE", (("pixel_id", INSERT_PIXEL_ID), ("custom_event_type", event)))


# Marketing API guide, Outcome-driven ad experiences: objective, optimization_goal, destination_type, promoted_object.
_BY_METRIC: dict[str, MetaGoal] = {
    "leads": _website("OUTCOME_LEADS", "OFFSITE_CONVERSIONS", "LEAD"),
    "qualified_leads": _website("OUTCOME_LEADS", "OFFSITE_CONVERSIONS", "LEAD"),
    "conversions": _website("OUTCOME_SALES", "OFFSITE_CONVERSIONS", "PURCHASE"),
    "sales": _website("OUTCOME_SALES", "OFFSITE_CONVERSIONS", "PURCHASE"),
    "revenue": _website("OUTCOME_SALES", "OFFSITE_CONVERSIONS", "PURCHASE"),
    "profit": _website("OUTCOME_SALES", "OFFSITE_CONVERSIONS", "PURCHASE"),
    "clicks": MetaGoal("OUTCOME_TRAFFIC", "LINK_CLICKS", "WEBSITE"),
    "impressions": MetaGoal("OUTCOME_AWARENESS", "IMPRESSIONS", None, (("page_id", INSERT_PAGE_ID),)),
    "reach": MetaGoal("OUTCOME_AWARENESS", "REACH", None, (("page_id", INSERT_PAGE_ID),)),
    "installs": MetaGoal(
        "OUTCOME_APP_PROMOTION",
        "APP_INSTALLS",
        None,
        (("application_id", INSERT_APPLICATION_ID), ("object_store_url", INSERT_STORE_LINK)),
    ),
}
_LEAD_FORM = MetaGoal("OUTCOME_LEADS", "LEAD_GENERATION", "ON_AD", (("page_id", INSERT_PAGE_ID),))
_ENGAGEMENT = MetaGoal("OUTCOME_ENGAGEMENT", "POST_ENGAGEMENT", "ON_POST")
# Value optimisation asks for a record of sales that not every account has, so it is chosen with a least return only.
_VALUE = _website("OUTCOME_SALES", "VALUE", "PURCHASE")
_LEADS = frozenset({"leads", "qualified_leads", "conversions"})

# Marketing API guide, Special ad categories; the words are ours. Ages and genders are fixed by Meta in the first three.
_CATEGORIES: tuple[tuple[str, str], ...] = (
    ("HOUSING", r"real[ -]estate|housing|property (?:sales|rental|letting)s?|estate agen\w+|apartments?"),
    ("EMPLOYMENT", r"recruit\w*|staffing|job (?:board|offer|opening|vacanc)\w*|employment|hiring"),
    (
        "FINANCIAL_PRODUCTS_SERVICES",
        r"financ\w*|credit cards?|loans?|mortgages?|banks?|banking|insurance|investment\w*",
    ),
    ("ISSUES_ELECTIONS_POLITICS", r"politic\w*|elections?|referendum"),
    ("ONLINE_GAMBLING_AND_GAMING", r"gambling|casinos?|betting|lotter(?:y|ies)"),
)
FIXED_AUDIENCE_CATEGORIES = frozenset({"HOUSING", "EMPLOYMENT", "FINANCIAL_PRODUCTS_SERVICES"})

# Regulation (EU) 2022/2065, article 26: the 27 member states and what belongs to them.
EU_COUNTRIES = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "AX", "GF", "GP", "MF", "MQ", "RE", "YT",
})  # fmt: skip
# Marketing API, `regional_regulated_categories`: countries that ask who stands behind every ad.
VERIFIED_COUNTRIES = frozenset({"SG", "TW"})


def goal_of(line: PlanLine, plan: Plan) -> MetaGoal:
    """What a new line works towards: the plan's metric, by a form inside Meta where the line's ads are lead forms."""
    metric = plan.objective
    if line.ad_type == "LEAD_FORM" and metric in _LEADS:
        return _LEAD_FORM
    if metric == "clicks" and plan.brief.objective == "engagement":
        return _ENGAGEMENT
    if metric in ("revenue", "profit") and line.bidding.strategy == "LOWEST_COST_WITH_MIN_ROAS":
        return _VALUE
    return _BY_METRIC.get(metric, _BY_METRIC["clicks"])


def promoted_object(goal: MetaGoal, known: dict[str, str]) -> dict[str, Any]:
    """The goal's `promoted_object`, with what the account is known to promote in place of placeholders."""
    return {
        name: known.get(name, placeholder) if placeholder.startswith("INSERT_") else placeholder
        for name, placeholder in goal.promoted
    }


def keeps_its_audience(brief: Brief) -> bool:
    """Whether platforms forbid to choose people by age and gender for what the brief offers: housing, work, credit."""
    return bool(FIXED_AUDIENCE_CATEGORIES & set(special_categories(brief)))


def special_categories(brief: Brief) -> list[str]:
    """Meta's special ad categories that the brief's industry and product speak of; empty where none.

    Read from words, so it errs towards declaring: a category that was declared without need narrows targeting, one that
    is missing gets an account into trouble.
    """
    text = f"{brief.industry or ''} {brief.product or ''}".lower()
    return [name for name, words in _CATEGORIES if re.search(rf"\b(?:{words})\b", text)]
