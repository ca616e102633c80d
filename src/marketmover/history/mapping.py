"""Which conversion actions are leads, qualified leads, sales, installs: guessed with a reason, changed by a person."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, cast, get_args

from marketmover.errors import NotFoundError, UsageError
from marketmover.history.loading.daily import Cut, google_actions, meta_actions
from marketmover.history.tables import MAPPING, append_rows, count_rows, ensure_tables
from marketmover.kit import did_you_mean

if TYPE_CHECKING:
    from marketmover.store import Lake

ActionUse = Literal["leads", "qualified_leads", "sales", "installs", "other"]

_PLATFORMS = ("google_ads", "meta_ads")

ALL_CONVERSIONS = "*"
"""The name for an account's conversions as a whole, where they are not exported by action."""

_BY_CATEGORY: dict[str, ActionUse] = {
    **dict.fromkeys(("PURCHASE", "STORE_SALE", "SUBSCRIBE_PAID", "CONVERTED_LEAD"), "sales"),
    **dict.fromkeys(("SUBMIT_LEAD_FORM", "PHONE_CALL_LEAD", "IMPORTED_LEAD", "LEAD", "SIGNUP", "CONTACT"), "leads"),
    **dict.fromkeys(("REQUEST_QUOTE", "BOOK_APPOINTMENT"), "leads"),
    "QUALIFIED_LEAD": "qualified_leads",
    "DOWNLOAD": "installs",
    **dict.fromkeys(("PAGE_VIEW", "ADD_TO_CART", "BEGIN_CHECKOUT", "GET_DIRECTIONS", "OUTBOUND_CLICK"), "other"),
    **dict.fromkeys(("ENGAGEMENT", "STORE_VISIT"), "other"),
}
_BY_NAME: tuple[tuple[re.Pattern[str], ActionUse], ...] = (
    (re.compile(r"add.?to.?(cart|basket)|begin.?checkout|initiate|page.?view|view.?content|scroll|video"), "other"),
    (re.compile(r"qualif|\bmql\b|\bsql\b|opportunit"), "qualified_leads"),
    (re.compile(r"purchas|\bsales?\b|\borders?\b|transaction|closed.?won|converted|checkout|\bbuy"), "sales"),
    (re.compile(r"install|first.?open|download"), "installs"),
    (
        re.compile(
            r"lead|form|sign.?up|regist|contact|call|quote|demo|book|appoint|enquir|inquir|request|trial|whatsapp|submit"
        ),
        "leads",
    ),
)

META_ORDER: dict[ActionUse, tuple[str, ...]] = {
    "leads": (
        *("lead", "onsite_conversion.lead_grouped", "offsite_conversion.fb_pixel_lead", "onsite_web_lead"),
        *("leadgen.other", "leadgen_grouped", "offsite_complete_registration_add_meta_leads"),
    ),
    "sales": (
        *("omni_purchase", "purchase", "offsite_conversion.fb_pixel_purchase", "onsite_web_purchase"),
        *("onsite_web_app_purchase", "web_in_store_purchase", "app_custom_event.fb_mobile_purchase"),
        *("onsite_conversion.purchase", "offline_conversion.purchase"),
    ),
    "installs": ("omni_app_install", "mobile_app_install", "app_install"),
}
"""Meta's action types that count the same thing, first one first: a row's first one stands, never their sum."""

META_FALLBACK_LEADS = (
    *("omni_complete_registration", "complete_registration", "offsite_conversion.fb_pixel_complete_registration"),
    *("submit_application_total", "schedule_total", "contact_total", "subscribe_total"),
)
"""Taken for leads where an account has none of the lead types."""


@dataclass(frozen=True)
class ActionKind:
    """What a conversion action is taken for.

    Attributes:
        platform: `google_ads` or `meta_ads`.
        action: Google's action name or Meta's action type; `*` for an account's conversions as a whole.
        kind: What it counts as.
        reason: Why, in words.
        total: Conversions of it in the history.
        guessed: Whether nobody has said it.
    """

    platform: str
    action: str
    kind: ActionUse
    reason: str
    total: float = 0.0
    guessed: bool = True


def map_action(lake: "Lake", platform: str, action: str, kind: str) -> None:
    """Say what a conversion action counts as, from now on.

    Args:
        lake: Where it is kept.
        platform: `google_ads` or `meta_ads`.
        action: Its name as `marketmover history` shows it; `*` for an account's conversions as a whole.
        kind: `leads`, `qualified_leads`, `sales`, `installs` or `other`.

    Raises:
        UsageError: The platform or kind is not one of these.
        NotFoundError: The history has no such action, so nothing would change.
    """
    for value, known in ((platform, _PLATFORMS), (kind, get_args(ActionUse))):
        if value not in known:
            raise UsageError(f"{value!r} is not one of: {', '.join(known)}.")
    ensure_tables(lake)
    known = [*_shown_actions(lake, platform), *(name for where, name in mapped(lake) if where == platform)]
    if action not in known:
        raise NotFoundError(
            f"The history has no conversion action {action!r} of {platform}.",
            f"{did_you_mean(action, known)} `marketmover history` shows them all."
            if known
            else "Import exports that have it first: marketmover import DIR",
        )
    with lake.transaction():
        lake.delete(MAPPING.name, lambda rows: (rows.platform == platform) & (rows.action == action))
        append_rows(lake, MAPPING, [{"platform": platform, "action": action, "kind": kind}])


def _shown_actions(lake: "Lake", platform: str) -> list[str]:
    """The actions of all accounts of a platform, those with most conversions first, and `*` where one has none."""
    import ibis

    if platform == "meta_ads":
        rows = meta_actions(lake, Cut())
        counted = rows.filter(~rows.is_value).group_by("action").aggregate(total=lambda found: found.amount.sum())
        return counted.order_by(ibis.desc("total"), "action").to_pyarrow()["action"].to_pylist()
    by_action = google_actions(lake, Cut())
    counted = by_action.group_by("action").aggregate(total=by_action.conversions.sum())
    names = counted.order_by(ibis.desc("total"), "action").to_pyarrow()["action"].to_pylist()
    daily = Cut().facts(lake, "daily")
    whole = daily.filter(daily.platform == platform).anti_join(by_action, "account_id")
    return [*names, ALL_CONVERSIONS] if count_rows(whole.limit(1)) else names


def mapped(lake: "Lake") -> dict[tuple[str, str], ActionUse]:
    """What people have said: (platform, action) to kind."""
    rows = lake.table(MAPPING.name).select("platform", "action", "kind").to_pyarrow().to_pylist()
    return {(row["platform"], row["action"]): cast("ActionUse", row["kind"]) for row in rows}


def google_kinds(
    actions: Sequence[tuple[str, str | None, float]], said: Mapping[tuple[str, str], ActionUse]
) -> list[ActionKind]:
    """Google's actions, given as (name, category, total), with what each counts as."""
    kinds = [_google_kind(name, category, total, said) for name, category, total in actions]
    if not any(kind.kind == "leads" for kind in kinds):
        why = "no other action is a lead, so these stand for leads"
        kinds = [
            replace(kind, kind="leads", reason=f"{kind.reason}; {why}")
            if kind.kind == "qualified_leads" and kind.guessed
            else kind
            for kind in kinds
        ]
    return kinds


def _google_kind(
    name: str, category: str | None, total: float, said: Mapping[tuple[str, str], ActionUse]
) -> ActionKind:
    if use := said.get(("google_ads", name)):
        return ActionKind("google_ads", name, use, "said so", total, guessed=False)
    if use := _BY_CATEGORY.get(category or ""):
        return ActionKind("google_ads", name, use, f"its category is {category}", total)
    lower = name.lower()
    for pattern, use in _BY_NAME:
        if found := pattern.search(lower):
            return ActionKind("google_ads", name, use, f"its name says {found[0]!r}", total)
    return ActionKind("google_ads", name, "other", "neither category nor name says what it is", total)


def meta_kinds(actions: Iterable[tuple[str, float]], said: Mapping[tuple[str, str], ActionUse]) -> list[ActionKind]:
    """Meta's action types, given as (type, total), with what each counts as; engagement types are `other`."""
    totals: dict[str, float] = dict(actions)
    orders = meta_orders(totals, said)
    kinds: list[ActionKind] = []
    ranked = {action: rank for order in orders.values() for rank, action in enumerate(order)}
    for action, total in sorted(totals.items(), key=lambda item: (ranked.get(item[0], len(ranked)), item[0])):
        use = _use_of(action, orders)
        if ("meta_ads", action) in said:
            kinds.append(ActionKind("meta_ads", action, said["meta_ads", action], "said so", total, guessed=False))
        elif use == "other":
            kinds.append(ActionKind("meta_ads", action, use, "not a lead, sale or install", total))
        else:
            order = [name for name in orders[use] if name in totals]
            why = (
                f"taken for {use}"
                if order[0] == action
                else f"counts the same as {order[0]}, taken where that is missing"
            )
            kinds.append(ActionKind("meta_ads", action, use, why, total))
    return kinds


def _use_of(action: str, orders: Mapping[ActionUse, Sequence[str]]) -> ActionUse:
    for use, order in orders.items():
        if action in order:
            return use
    return "other"


def meta_orders(actions: Iterable[str], said: Mapping[tuple[str, str], ActionUse]) -> dict[ActionUse, tuple[str, ...]]:
    """For each use the action types to look for, first one first: what people said, then the stated order."""
    there = set(actions)
    orders: dict[ActionUse, tuple[str, ...]] = {}
    for use, order in META_ORDER.items():
        chosen = tuple(action for (platform, action), kind in said.items() if platform == "meta_ads" and kind == use)
        usual = order
        if use == "leads" and not there & set(order) and not chosen:
            usual = META_FALLBACK_LEADS
        orders[use] = (*chosen, *(name for name in usual if ("meta_ads", name) not in said))
    return orders
