"""Changes of running lines (contract: plan, `changes.json`) as steps for Meta.

Each sets something to a value, so that doing it twice does no harm.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from marketmover.campaigns.publishing.platform import Step
from marketmover.connectors.meta_ads.operations import Operation, change_words
from marketmover.connectors.meta_ads.session import MetaSession
from marketmover.connectors.meta_ads.standing import Standing, read_object, standing_of

Json = dict[str, Any]

_CAPPED = frozenset({"COST_CAP", "LOWEST_COST_WITH_BID_CAP"})
_RETURN = "LOWEST_COST_WITH_MIN_ROAS"
_GENDERS = {"MALE": 1, "FEMALE": 2}
_YOUNGEST, _OLDEST = 18, 65
_PEOPLE = frozenset({"age_min", "age_max", "age_range", "genders", "targeting_automation"})
_NAME_MOST = 200
_ADS = "id,name,status,adset_id,creative{id}"


class CannotError(Exception):
    """Meta cannot be told this by a plain request; the message says why, and what a person can do."""


def steps_of_changes(session: MetaSession, changes: Sequence[Mapping[str, Any]], currency: str) -> Iterator[Step]:
    """Steps for changes of lines, named by the platform's own ids.

    A change that cannot be made by the API is a step as well: its check, and its sending, say why.

    Args:
        session: The account; it is read to find where budgets stand.
        changes: `line_id`, `action` and `to`, as in `changes.json`; also `switch_on` and `restore_audience`.
        currency: The account's.

    Raises:
        InputError: A line is not one of Meta's.
        PlatformError: The account cannot be read.
    """
    for number, change in enumerate(changes):
        line_id, action = str(change.get("line_id")), str(change.get("action"))
        ref = f"{number}-{action}-{line_id}"
        try:
            standing = _standing(session, line_id, action, currency)
            operations = list(_ACTIONS[action](session, standing, change.get("to")))
        except CannotError as error:
            yield cannot_step(ref, line_id, action, str(error))
            continue
        for place, (edge, params) in enumerate(operations):
            one = Operation(edge, params, f"{ref}-{place}" if place else ref, line_id)
            yield one.as_step(_said(one, standing))


def _standing(session: MetaSession, line_id: str, action: str, currency: str) -> Standing:
    if action not in _ACTIONS:
        raise CannotError(f"{line_id}: Meta is not told '{action}'.")
    standing = standing_of(session, line_id, currency)
    if standing is None:
        raise CannotError(f"{line_id} is not there any more.")
    return standing


def _said(operation: Operation, line: Standing) -> str:
    """In words, by the names of the line's campaign and ad set; an ad has the name of neither."""
    words = {str(line.campaign["id"]): f"the campaign “{line.campaign.get('name')}”"}
    if line.ad_set is not None:
        words[str(line.ad_set["id"])] = f"the ad set “{line.ad_set.get('name')}”"
    name = words.get(operation.edge, f"an ad of {next(reversed(words.values()))}")
    return change_words(name, operation.params, line.currency) if operation.collection is None else ""


def cannot_step(ref: str, line_id: str, action: str, words: str) -> Step:
    """A step that nobody can do by the API."""
    return Step(ref, (line_id,), f"{action.replace('_', ' ')} of {line_id}", {"cannot": words, "line_id": line_id})


_Sent = tuple[str, Json]


def _set_daily_budget(session: MetaSession, line: Standing, to: Any) -> Iterator[_Sent]:
    del session
    if not line.holder.get("daily_budget"):
        raise CannotError(f"{line.line_id} has a budget for its whole life: change it in Ads Manager.")
    budget = line.minor(float(to))
    yield str(line.holder["id"]), {"daily_budget": budget} if budget else {"status": "PAUSED"}  # none is no budget


def _pause(session: MetaSession, line: Standing, to: Any) -> Iterator[_Sent]:
    del session, to
    yield str(line.holder["id"]), {"status": "PAUSED"}


def _resume(session: MetaSession, line: Standing, to: Any) -> Iterator[_Sent]:
    del session, to
    yield str(line.holder["id"]), {"status": "ACTIVE"}


def _switch_on(session: MetaSession, line: Standing, to: Any) -> Iterator[_Sent]:
    """All of a line that was made paused; the campaign last, so that nothing runs before all is on."""
    del to
    for ad in _ads(session, line):
        if ad.get("status") != "ACTIVE":
            yield str(ad["id"]), {"status": "ACTIVE"}
    if line.ad_set is not None:
        yield str(line.ad_set["id"]), {"status": "ACTIVE"}
    yield str(line.campaign["id"]), {"status": "ACTIVE"}


def _set_bidding(session: MetaSession, line: Standing, to: Any) -> Iterator[_Sent]:
    del session
    wanted = cast("Mapping[str, Any]", to if isinstance(to, Mapping) else {"strategy": to})
    strategy, target = str(wanted.get("strategy")), wanted.get("target")
    if line.kind == "campaign" or line.ad_set is None:
        raise CannotError(f"The budget of {line.line_id} stands on the campaign: set its bid on its ad sets.")
    params: Json = {"bid_strategy": strategy}
    if strategy in _CAPPED and target is not None:
        params["bid_amount"] = line.minor(float(target))
    elif strategy == _RETURN and target is not None:
        params["bid_constraints"] = {"roas_average_floor": round(float(target) * 10_000)}
    elif strategy in {*_CAPPED, _RETURN}:
        raise CannotError(f"{line.line_id}: the bid strategy {strategy} needs a target.")
    yield str(line.ad_set["id"]), params


def _set_audience(session: MetaSession, line: Standing, to: Any) -> Iterator[_Sent]:
    """Meta replaces a targeting as a whole, so the rest of it is read, and sent again as it is."""
    del session
    if line.ad_set is None or not line.ad_set.get("targeting"):
        raise CannotError(f"{line.line_id} has several ad sets, each with an audience of its own: set them by hand.")
    yield str(line.ad_set["id"]), {"targeting": with_people(line.ad_set["targeting"], cast("Mapping[str, Any]", to))}


def _restore_audience(session: MetaSession, line: Standing, to: Any) -> Iterator[_Sent]:
    """Targeting by ad set, whole, as it was read before; Meta wants to be told that what was not widened is not."""
    del session, line
    for name, targeting in cast("Mapping[str, Json]", to).items():
        yield name, {"targeting": {"targeting_automation": {"advantage_audience": 0}, **targeting}}


def _rotate_creative(session: MetaSession, line: Standing, to: Any) -> Iterator[_Sent]:
    """A past ad takes the place of those that run: as a new one, paused until a person has read it, or switched on."""
    creative = cast("Mapping[str, Any]", to) if isinstance(to, Mapping) else {}
    source = str(creative.get("source_ad_id") or "")
    if line.ad_set is None:
        raise CannotError(f"{line.line_id} has several ad sets: make the new ads in Ads Manager.")
    past = read_object(session, source, _ADS) if source else None
    if past is None:
        words = str(creative.get("headline") or to or "")
        said = f" “{words}”" if words else ""
        raise CannotError(f"{line.line_id} needs a new ad{said}, and no past ad is named: make it in Ads Manager.")
    if past.get("adset_id") == line.ad_set["id"]:
        yield source, {"status": "ACTIVE"}
        for ad in _ads(session, line):
            if ad["id"] != source and ad.get("status") == "ACTIVE":
                yield str(ad["id"]), {"status": "PAUSED"}
        return
    mark = f" [{line.line_id} {source}]"
    name = f"{str(creative.get('headline') or past.get('name') or 'Ad')[: _NAME_MOST - len(mark)]}{mark}"
    creative_id = cast("Json", past.get("creative") or {}).get("id")
    fields = {"name": name, "adset_id": line.ad_set["id"], "creative": {"creative_id": creative_id}, "status": "PAUSED"}
    yield f"{session.act}/ads", fields


_ACTIONS: Mapping[str, Callable[[MetaSession, Standing, Any], Iterator[_Sent]]] = {
    "set_daily_budget": _set_daily_budget,
    "pause": _pause,
    "resume": _resume,
    "switch_on": _switch_on,
    "set_bidding": _set_bidding,
    "set_audience": _set_audience,
    "restore_audience": _restore_audience,
    "rotate_creative": _rotate_creative,
}


def _ads(session: MetaSession, line: Standing) -> list[Json]:
    """The ads of a line's ad set, or of its campaign."""
    above = str((line.ad_set or line.campaign)["id"])
    return session.rows((above, "ads"), {"fields": _ADS}, f"reading the ads of {line.line_id}")


def with_people(targeting: Mapping[str, Any], audience: Mapping[str, Any]) -> Json:
    """A whole targeting with the ages and genders of an audience as limits; all else stays as it is.

    Source: Marketing API, Basic targeting (1 is men, 2 is women; 65 means 65 and over), Advantage+ audience.
    """
    kept: Json = {name: value for name, value in targeting.items() if name not in _PEOPLE}
    low = min(max(int(audience.get("age_min") or _YOUNGEST), _YOUNGEST), _OLDEST)
    high = min(max(int(audience.get("age_max") or _OLDEST), low), _OLDEST)
    genders = sorted({_GENDERS[name] for name in audience.get("genders") or () if name in _GENDERS})
    named = {"genders": genders} if len(genders) == 1 else {}
    return {**kept, "age_min": low, "age_max": high, **named, "targeting_automation": {"advantage_audience": 0}}
