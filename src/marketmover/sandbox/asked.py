"""The parameters that a plan asks for, read from its lines in the form of `plan.json`."""

from collections.abc import Mapping, Sequence
from typing import Any

from marketmover.errors import UsageError
from marketmover.sandbox.exports.creatives import ads_of
from marketmover.sandbox.market import Market
from marketmover.sandbox.messages import message_of
from marketmover.sandbox.models.parameters import GENDERS, STRATEGIES, TYPES, Effects, Parameters
from marketmover.sandbox.models.spells import parameters_on

PlanLine = Mapping[str, Any]
"""A line of `plan.json`: `id` and what is asked for; what is left out or null stays as it is."""


def asked_of(market: Market, place: int, line: PlanLine) -> Parameters:
    """What a plan asks of a line that runs: its parameters on the last day, and what the plan changes of them.

    Raises:
        UsageError: The line cannot be what is asked: a Google campaign of another type, a strategy nobody knows.
    """
    now = parameters_on(market.lines[place], market.setting.days - 1)
    kind = str(line.get("ad_type") or now.ad_type)
    if now.platform == "google_ads" and kind != now.ad_type:
        raise UsageError(
            f"{line['id']} is a {now.ad_type} campaign and cannot become {kind}.", "Ask for a new line instead."
        )
    return _read(market, line, now._replace(ad_type=kind))


def asked_of_new(market: Market, line: PlanLine, like: Parameters) -> Parameters:
    """What a plan asks of a new line; what it leaves open is as in `like`."""
    kind = str(line.get("ad_type") or like.ad_type)
    return _read(market, line, like._replace(ad_type=kind, messages=like.messages[:1]))


def _read(market: Market, line: PlanLine, now: Parameters) -> Parameters:
    audience: Mapping[str, Any] = line.get("audience") or {}
    youngest, oldest = _ages(audience, now)
    asked = now._replace(
        bidding=_strategy(line.get("bidding")) or now.bidding,
        messages=_messages(market, line.get("creative"), now),
        age_min=youngest,
        age_max=oldest,
        genders=tuple(one for one in GENDERS if one in (audience.get("genders") or now.genders)),
        topics=_topics(market.effects, audience, now),
    )
    _check(str(line.get("id")), asked)
    return asked


def _ages(audience: Mapping[str, Any], now: Parameters) -> tuple[int, int]:
    """Youngest and oldest age; one that is left out is open, and both left out stay as they are."""
    youngest, oldest = audience.get("age_min"), audience.get("age_max")
    if youngest is None and oldest is None:
        return now.age_min, now.age_max
    return max(int(youngest or 18), 18), min(int(oldest or 65), 65)


def _strategy(bidding: Any) -> str | None:
    """The strategy of `bidding`, an object or its name alone."""
    found = bidding.get("strategy") if isinstance(bidding, Mapping) else bidding
    return str(found) if found else None


def _messages(market: Market, creative: Mapping[str, Any] | None, now: Parameters) -> tuple[str, ...]:
    """What the ads will speak of: as now where nothing else is asked for, or what is asked for leads them already."""
    if not creative:
        return now.messages
    texts = [creative.get("headline"), creative.get("body"),
             *(creative.get("headlines") or ()), *(creative.get("descriptions") or ())]  # fmt: skip
    message = _of_past_ad(market, creative.get("source_ad_id")) or message_of(texts)
    return now.messages if message is None or message == now.messages[0] else (message,)


def _of_past_ad(market: Market, ad_id: Any) -> str | None:
    """What a past ad speaks of; Meta's ads have a longer id in exports."""
    wanted = str(ad_id or "")
    for place, line in enumerate(market.lines if wanted else ()):
        for group in range(len(line.group_ids)):
            for ad in ads_of(market, place, group):
                if wanted in {ad.id, f"12021{ad.id}"}:
                    return ad.message
    return None


def _topics(effects: Effects, audience: Mapping[str, Any], now: Parameters) -> tuple[str, ...]:
    """Keywords of search lines, interests of others, where all of them are known; else as they are."""
    wanted: Sequence[str] = audience.get("keywords" if now.ad_type == "SEARCH" else "interests") or ()
    return tuple(sorted(set(wanted))) if wanted and all(topic in effects["topic"] for topic in wanted) else now.topics


def _check(name: str, asked: Parameters) -> None:
    for value, known in ((asked.ad_type, TYPES[asked.platform]), (asked.bidding, STRATEGIES[asked.platform])):
        if value not in known:
            raise UsageError(f"{name}: the sandbox knows no '{value}'.", f"Choose one of: {', '.join(known)}.")
    if asked.age_min > asked.age_max or not asked.genders:
        raise UsageError(
            f"{name} reaches nobody: ages {asked.age_min} to {asked.age_max}, {len(asked.genders)} genders."
        )
