"""Running Meta lines whose audience or message the plan changes: their targeting as a whole, and their new ads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from marketmover.campaigns.platforms.changed import Warn, audience_words, changes_of, not_by_people, texts_of
from marketmover.campaigns.platforms.meta_creatives import opens_form, use_again
from marketmover.campaigns.platforms.meta_operations import MetaOperations
from marketmover.campaigns.platforms.meta_targeting import narrowed, whole_targeting
from marketmover.history import AdText, MetaAdSet, MetaResource
from marketmover.kit import counted
from marketmover.plans import Creative, PlanLine

_GONE = frozenset({"DELETED", "ARCHIVED"})
_PLACED = frozenset({"STORIES", "REELS"})


@dataclass(frozen=True)
class MetaSettings:
    """What changes of settings need beside the line.

    Attributes:
        ads: Past ads by id.
        homes: Each line's account.
        mark_of: What the names of all that is made for a line bear.
        fixed_audience: Whether a special ad category forbids choosing ages and genders.
    """

    ads: Mapping[str, AdText]
    homes: Mapping[str, str]
    mark_of: Callable[[PlanLine], str]
    fixed_audience: bool = False


def change_settings(
    operations: MetaOperations, line: PlanLine, resource: MetaResource, settings: MetaSettings, warn: Warn
) -> None:
    """Append what a running line's changed audience and message need, or say in words what to set by hand.

    A targeting is sent only where the whole of it was exported, since Meta replaces it as a whole. New ads are paused,
    and old ads go on.

    Args:
        operations: Takes the operations.
        line: The plan's line, with the new settings in it.
        resource: What is known of it.
        settings: What the changes of all lines share.
        warn: Is told in words what a person should know.
    """
    known = resource.ad_sets or ((MetaAdSet(resource.ad_set_id),) if resource.ad_set_id else ())
    ad_sets = [ad_set for ad_set in known if ad_set.status not in _GONE]
    changed = changes_of(line)
    if "audience" in changed:
        _audience(operations, line, ad_sets, settings, warn)
    if changed & {"message", "ad_type"} and line.creative is not None:
        on = [ad_set for ad_set in ad_sets if ad_set.status != "PAUSED"] if len(ad_sets) > 1 else ad_sets
        _message(operations, line, line.creative, on, settings, warn)


def _audience(
    operations: MetaOperations, line: PlanLine, ad_sets: list[MetaAdSet], settings: MetaSettings, warn: Warn
) -> None:
    if settings.fixed_audience:
        warn(not_by_people(line, "Meta"))
        return
    wanted = audience_words(line)
    by_hand: dict[str, list[str]] = {}
    sent = 0
    for ad_set in ad_sets:
        spec, lacking = whole_targeting(ad_set.targeting)
        targeting = narrowed(spec, line.audience) if spec is not None else None
        if spec is None:
            by_hand.setdefault(lacking, []).append(ad_set.id)
        elif targeting is None:
            warn(
                f"{line.id}: ad set {ad_set.id} reaches none of {wanted} today: its audience stays as it is. Pause it "
                "in Meta Ads Manager if you agree."
            )
        else:
            operations.post(ad_set.id, {"targeting": targeting}, f"targeting-{ad_set.id}", line.id)
            sent += 1
    for lacking, names in by_hand.items():
        warn(
            f"{line.id}: Meta replaces a targeting as a whole, and {lacking}, so it is not among the operations: set "
            f"{wanted} in Meta Ads Manager (ad set {', '.join(names)}), and leave the rest of its audience as it is."
        )
    if sent:
        warn(
            f"{line.id}: the targeting of {counted(sent, 'ad set')} is sent whole, as it was exported, with {wanted} "
            "in it as limits (Advantage+ audience off). Import again first if its audience was changed since."
        )
    if not ad_sets:
        warn(f"{line.id}: the exports do not name its ad sets: set {wanted} in Meta Ads Manager.")


def _message(
    operations: MetaOperations,
    line: PlanLine,
    creative: Creative,
    ad_sets: list[MetaAdSet],
    settings: MetaSettings,
    warn: Warn,
) -> None:
    past = settings.ads.get(creative.source_ad_id or "")
    why = (
        _why_no_ad(line, past, operations.account_id, settings) if ad_sets else "the exports name no ad set that is on"
    )
    if past is None or why is not None:
        warn(
            f"{line.id}: its new message is not among the operations, since {why}. Make the {_kind(line)} ad by hand: "
            f"{texts_of(creative)}."
        )
        return
    made = [ad_set for ad_set in ad_sets if ad_set.id != past.group_id]
    for ad_set in made:
        use_again(operations, line, settings.mark_of(line), ad_set.id, past)
    old = _old_ads(line)
    if made:
        warn(
            f"{line.id}: an ad “{creative.headline or creative.body}” is made in {counted(len(made), 'ad set')} from "
            f"past ad {past.id}, paused. The old ads go on: when you have read the new one, switch it on and pause "
            f"{old}.{_other_form(line, past)}"
        )
    if len(made) < len(ad_sets):
        warn(f"{line.id}: ad {past.id} stands in its ad set already: see that it is on, and pause {old}.")


def _kind(line: PlanLine) -> str:
    return line.ad_type.lower().replace("_", " ")


def _old_ads(line: PlanLine) -> str:
    """The ads whose place the new one takes, in words."""
    said = {change.parameter: change.before for change in line.changes}
    if "message" in said:
        return f"those that say “{said['message']}”"
    return f"those of the form {said['ad_type']}"


def _other_form(line: PlanLine, past: AdText) -> str:
    if past.form in (None, "UNKNOWN", line.ad_type):
        return ""
    return f" It is an ad of the form {past.form}, where this line has {line.ad_type}: the words are what was chosen."


def _why_no_ad(line: PlanLine, past: AdText | None, account: str, settings: MetaSettings) -> str | None:
    today = next((change.before for change in line.changes if change.parameter == "ad_type"), line.ad_type)
    if today != line.ad_type and today in _PLACED:
        return f"its ad sets show in {today.lower()} alone, and another form needs an ad set of its own"
    if past is None or past.platform != "meta_ads":
        return "the past ad that it comes from is not among the exports"
    if opens_form(past) != (today == "LEAD_FORM"):
        return "the past ad that it comes from opens a lead form and this line's ads do not, or the other way round"
    if settings.homes.get(past.line_id or "", account) != account:
        return "the past ad that it comes from stands in another ad account"
    return None
