"""The ad of a new Meta line: a new creative where its parts are known, else the past ad itself, used again."""

from collections.abc import Callable
from typing import Any

from marketmover.campaigns.platforms.limits import NAME_MOST_CHARACTERS
from marketmover.campaigns.platforms.meta_operations import MetaOperations
from marketmover.campaigns.platforms.payload import INSERT_LEAD_FORM_ID, INSERT_LINK, INSERT_PAGE_ID
from marketmover.history import AdText
from marketmover.plans import Creative, PlanLine

Json = dict[str, Any]
Warn = Callable[[str], None]

_FILMED = frozenset({"VIDEO", "CAROUSEL"})
_LEAD_LINK = "https://fb.me/"  # Marketing API, Lead ads: the link of an ad that opens a form
_USUAL_ACTION = {"LEAD_FORM": "SIGN_UP"}


def create_ad(
    operations: MetaOperations,
    line: PlanLine,
    ad_set: str,
    mark: str,
    source: AdText | None,
    page_id: str | None,
    warn: Warn,
) -> None:
    """Append the line's ad, paused.

    A creative is written anew where page, picture and destination are known; else the past ad's own creative is used,
    or the past ad is copied with all its pictures; else a creative with placeholders, which are said. An ad that opens
    a form is never taken for one that leads to a website, nor the other way round.

    Args:
        operations: Takes the operations.
        line: The new line, whose creative holds the texts.
        ad_set: Reference to its ad set.
        mark: What the names of all that is made for the line bear.
        source: The past ad that the texts come from.
        page_id: The page that ads are published for, if known.
        warn: Is told in words what must be put in.
    """
    creative = line.creative
    if creative is None:
        warn(f"{line.id} is made without an ad: no past ad's texts fit. Make one before you switch it on.")
        return
    name = ad_name(line, mark)
    past = source if source is not None and source.platform == "meta_ads" else None
    page = (past.page_id if past else None) or page_id
    if line.ad_type in _FILMED and (past is None or past.form != line.ad_type):
        warn(f"{line.id}: its ad has no {line.ad_type.lower()} until you give it one.")
    if past is not None and opens_form(past) == (line.ad_type == "LEAD_FORM"):
        complete = page is not None and past.picture is not None and _destination(line, past) is not None
        if not complete or line.ad_type in _FILMED:
            use_again(operations, line, mark, ad_set, past)
            return
    story = _story(line, creative, past, page)
    made = operations.create(
        "adcreatives", {"name": f"{name} creative", "object_story_spec": story}, f"creative-{line.id}", line.id
    )
    _ad(operations, line, name, ad_set, {"creative_id": made})


def opens_form(ad: AdText) -> bool:
    """Whether an ad opens a lead form rather than a website."""
    return ad.form == "LEAD_FORM" or ad.lead_gen_form_id is not None


def ad_name(line: PlanLine, mark: str) -> str:
    """The name of an ad that is made for a line, cut to what Meta takes, with the mark by which it is found again."""
    return f"{(line.name or line.id)[: NAME_MOST_CHARACTERS - len(mark) - len(' ad  creative')]} ad {mark}"


def use_again(operations: MetaOperations, line: PlanLine, mark: str, ad_set: str, past: AdText) -> None:
    """Append a paused ad that shows a past ad's own creative, or is its copy where the creative's id is not known.

    Source: Marketing API, Ad copies (`rename_options`).
    """
    if past.creative_id is not None:
        _ad(operations, line, ad_name(line, mark), ad_set, {"creative_id": past.creative_id})
    else:
        renaming = {"rename_strategy": "ONLY_TOP_LEVEL_RENAME", "rename_suffix": f" {mark}"}
        params = {"adset_id": ad_set, "status_option": "PAUSED", "rename_options": renaming}
        operations.post(f"{past.id}/copies", params, f"ad-{line.id}", line.id)


def _ad(operations: MetaOperations, line: PlanLine, name: str, ad_set: str, creative: Json) -> None:
    params = {"name": name, "adset_id": ad_set, "creative": creative, "status": "PAUSED"}
    operations.create("ads", params, f"ad-{line.id}", line.id)


def _destination(line: PlanLine, source: AdText | None) -> str | None:
    if line.ad_type == "LEAD_FORM":
        return source.lead_gen_form_id if source else None
    own = line.creative.final_url if line.creative else None
    return own or (source.final_url if source else None)


def _story(line: PlanLine, creative: Creative, source: AdText | None, page_id: str | None) -> Json:
    destination = _destination(line, source)
    action = creative.call_to_action or _USUAL_ACTION.get(line.ad_type, "LEARN_MORE")
    if line.ad_type == "LEAD_FORM":
        value, link = {"lead_gen_form_id": destination or INSERT_LEAD_FORM_ID}, _LEAD_LINK
    else:
        link = destination or INSERT_LINK
        value = {"link": link}
    texts = {"message": creative.body, "name": creative.headline}
    data: Json = {"link": link, "call_to_action": {"type": action, "value": value}}
    data |= {key: text for key, text in texts.items() if text}
    if source is not None and source.picture is not None:
        data["picture"] = source.picture
    return {"page_id": page_id or INSERT_PAGE_ID, "link_data": data}
