"""Which limits differ between two plans, in words."""

from collections.abc import Iterator, Mapping

from marketmover.campaigns.changes.report import Cause
from marketmover.charts import Formats
from marketmover.plans import PLATFORM_NAMES, Limits, LineLimit, Plan, Platform, PlatformLimit

_BOUNDS = ("lines", "campaigns", "platforms")
_PLAIN = {
    "weekly_change": "the largest change a week",
    "cost_per": "the ceiling on cost",
    "roas": "the least return",
    "spend": "how much is spent",
    "smallest_daily": "the smallest daily budgets",
    "risk_aversion": "the aversion to risk",
    "sureness": "how sure a gain must be",
    "agency_fee": "the agency's fee",
    "even_platforms": "what evening out the platforms may cost",
    "objective": "what is maximised",
    "exploration": "the most of the budget that may try other settings",
}
_SETTINGS = {
    "advise": "The new plan may change settings (audience, bidding, message, kind of ads); the old one keeps them.",
    "keep": "The new plan keeps settings (audience, bidding, message, kind of ads); the old one may change them.",
}


def limit_changes(old: Plan, new: Plan, names: Mapping[str, str], formats: Formats) -> Iterator[Cause]:
    """A cause for each limit that differs; none where a plan does not say under which limits it was made."""
    if old.limits is None or new.limits is None or old.limits == new.limits:
        return
    for said in _bounds(old, new, names, formats):
        yield Cause(kind="limits", short="other limits", words=said)
    for field in Limits.model_fields:
        before, after = getattr(old.limits, field), getattr(new.limits, field)
        if field == "settings" and before != after:
            yield Cause(kind="limits", short="other limits", words=_SETTINGS[new.limits.settings])
        elif field not in _BOUNDS and before != after:
            what = _PLAIN.get(field) or f"the {field.replace('_', ' ')}"
            words = f"Another limit: {what} is {_written(after)} rather than {_written(before)}."
            yield Cause(kind="limits", short="other limits", words=words)


def line_limit(line_id: str, platform: Platform, plan: Plan, formats: Formats) -> str:
    """What the limits say of a line, by itself, its campaign and its platform; empty where nothing."""
    if plan.limits is None:
        return ""
    limits, campaign = plan.limits, line_id.split(":")[1]
    own = [limits.lines.get(line_id), limits.campaigns.get(campaign), limits.campaigns.get(f"{platform}:{campaign}")]
    said = [_bound(limit, formats) for limit in own if limit]
    share = limits.platforms.get(platform)
    said += [f"{PLATFORM_NAMES[platform]} {_share(share, formats)}"] if share else []
    return ", ".join(said)


def _bounds(old: Plan, new: Plan, names: Mapping[str, str], formats: Formats) -> Iterator[str]:
    assert old.limits is not None  # noqa: S101 - asked before
    assert new.limits is not None  # noqa: S101 - asked before
    for field in ("lines", "campaigns"):
        before, after = getattr(old.limits, field), getattr(new.limits, field)
        for key in sorted({*before, *after}):
            if before.get(key) != after.get(key):
                pair = [_bound(limits[key], formats) if key in limits else "no limit" for limits in (after, before)]
                what = f"“{names[key]}”" if key in names else f"campaign {key}"
                yield f"Another limit on {what}: {pair[0]} rather than {pair[1]}."
    platforms: set[Platform] = {*old.limits.platforms, *new.limits.platforms}
    for platform in sorted(platforms):
        shares = [limits.platforms.get(platform) for limits in (new.limits, old.limits)]
        if shares[0] != shares[1]:
            pair = [_share(share, formats) if share else "no limit" for share in shares]
            yield f"Another limit on {PLATFORM_NAMES[platform]}: {pair[0]} rather than {pair[1]}."


def _bound(limit: LineLimit, formats: Formats) -> str:
    if limit.locked is not None:
        return f"locked at {formats.money(limit.locked)}"
    said = [f"at least {formats.money(limit.min)}"] if limit.min is not None else []
    said += [f"at most {formats.money(limit.max)}"] if limit.max is not None else []
    return " and ".join(said) or "no limit"


def _share(limit: PlatformLimit, formats: Formats) -> str:
    said = [f"at least {formats.share(limit.min_share)}"] if limit.min_share is not None else []
    said += [f"at most {formats.share(limit.max_share)}"] if limit.max_share is not None else []
    return f"{' and '.join(said)} of the money" if said else "no limit"


def _written(value: object) -> str:
    """A limit as a person wrote it."""
    if value is None or value in ({}, ""):
        return "not set"
    dump = getattr(value, "model_dump", None)
    if dump is not None:
        value = dump(exclude_none=True)
    if isinstance(value, dict):
        return ", ".join(f"{key} {one}" for key, one in value.items()).replace("_", " ")
    return str(value).replace("_", " ")
