"""The texts of notices, for somebody who runs campaigns: what is wrong, what it costs, why, what to do."""

import re
from datetime import date
from typing import TYPE_CHECKING

from marketmover.kit import counted
from marketmover.monitoring.lines.days import spoken
from marketmover.monitoring.notices.notice import Message, Notice, Step, one_line
from marketmover.monitoring.wording import cost, headline, what, why
from marketmover.plans import PLATFORM_NAMES

if TYPE_CHECKING:
    from marketmover.monitoring.alerts import Alert
    from marketmover.monitoring.lines.advice import Recommendation

_SURE = 0.995
_MOST_TODO = 3
SIMULATED = "Simulated data: these campaigns and results are not real"
STEPS: dict[Step, str] = {"new": "New", "worse": "Grown worse", "resolved": "Over"}
"""How a notice's step is said."""

_ACTIONS = {"set_daily_budget": "The daily budget", "set_bidding": "The bid"}
_LOWER_IT = re.compile(r"\w+ it\b")
_DIGESTS = {"daily": "Daily digest", "weekly": "Weekly digest", "quiet": "While it was quiet"}


def title_of(alert: "Alert", step: Step, currency: str) -> str:
    """What is wrong and where, in one line; with the money at risk, or what it cost."""
    at_risk = step != "resolved" and alert.money_at_risk >= 1
    money, said = (alert.money_at_risk, "at risk") if at_risk else (alert.money_lost, "lost")
    sum_of = f" ({money:,.0f} {currency} {said})" if money >= 1 else ""
    begin = {"new": "", "worse": "Worse: ", "resolved": "Over: "}[step]
    return one_line(f"{begin}{headline(alert)}{sum_of}", 200)


def body_of(alert: "Alert", step: Step, currency: str, *, again: bool = False) -> str:
    """What happened, in sentences."""
    said = _sentence(alert, currency)
    if step == "resolved":
        end = spoken(date.fromisoformat(alert.resolved_on or alert.updated_on))
        return f"It was over by {end}. {said}"
    begin = {"new": "It is back. " if again else "", "worse": "It has grown worse since you were last told. "}
    return f"{begin.get(step, '')}{said}"


def facts_of(alert: "Alert", step: Step, currency: str, *, simulated: bool) -> tuple[tuple[str, str], ...]:
    """What it costs, why, what to do, how sure it is, and where to look."""
    over = step == "resolved"
    todo = [] if over else list(dict.fromkeys(map(_advice, alert.recommendations)))
    facts = {
        "What it cost" if over else "What it costs": " ".join(cost(alert, currency).split()),
        "Why": why(alert),
        "What to do": " ".join(f"{_capital(one)}." for one in todo[:_MOST_TODO]),
        "How sure": "" if over else f"{min(alert.probability, _SURE):.0%}" if alert.probability < _SURE else "over 99%",
        "Where": _where(alert),
        "Note": f"{SIMULATED}." if simulated else "",
    }
    return tuple((name, value) for name, value in facts.items() if value)


def heading_of(message: Message) -> str:
    """A message in one line: the notice's title, or what its digest holds."""
    if not message.digest and len(message.notices) == 1:
        return message.notices[0].title
    count = counted(len(message.notices), "notice")
    gravest = sum(one.severity == message.severity for one in message.notices)
    return f"{_DIGESTS.get(message.digest, 'Notices')}: {count}, {gravest} {message.severity}"


def lines_of(notice: Notice) -> list[str]:
    """A notice as lines of plain text."""
    lines = [f"{STEPS[notice.step]} · {notice.severity}", notice.title, "", notice.body]
    lines += [f"\n{name}: {value}" for name, value in notice.facts]
    return [*lines, *(["", f"More: {notice.link}"] if notice.link else [])]


def text_of(message: Message) -> str:
    """A message as plain text."""
    parts = ["\n".join(lines_of(notice)) for notice in message.notices]
    head = [] if len(parts) == 1 and not message.digest else [heading_of(message)]
    repeat = [REPEATED] if message.repeated else []
    return "\n\n----\n\n".join([*repeat, *head, *parts]) + "\n"


REPEATED = "You may have had this already: an earlier try was cut off."
"""Said where a message may be a repeat."""


def _sentence(alert: "Alert", currency: str) -> str:
    try:
        said = what(alert, currency)
    except KeyError:  # a metric that this version has no words for
        return alert.words or f"{alert.metric.replace('_', ' ')}: {alert.observed:g} instead of {alert.expected.mid:g}."
    return f"{_capital(' '.join(said.split()))}."


def _advice(recommendation: "Recommendation") -> str:
    """The reason, with what its "it" stands for where only the action says so."""
    of_what = _ACTIONS.get(recommendation.action) if _LOWER_IT.match(recommendation.reason) else None
    return f"{of_what}: {recommendation.reason}" if of_what else recommendation.reason


def _where(alert: "Alert") -> str:
    platform = PLATFORM_NAMES.get(alert.platform, alert.platform)
    if alert.campaign_id is None:
        return f"{counted(len(alert.line_ids), 'line')} in {platform}" if alert.line_ids else platform
    group = f", ad group or ad set {alert.ad_group_id}" if alert.ad_group_id else ""
    return f"campaign {alert.campaign_id}{group} in {platform}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
