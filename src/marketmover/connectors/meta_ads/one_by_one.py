"""What Meta tells of one object at a time: estimates of ad sets, comments beneath ads."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from marketmover.connectors.meta_ads.edges import COMMENT_FIELDS, ESTIMATE_FIELDS
from marketmover.connectors.meta_ads.session import MetaSession
from marketmover.errors import PlatformError

Json = dict[str, Any]
_REFUSALS = 3
_ACTIVE = ["ACTIVE"]


def estimates(session: MetaSession) -> Iterator[Json]:
    """Meta's own curves of the ad sets that run on a budget of their own; each row says of which it is.

    Meta has none for some kinds of ad sets, and newer versions of its API have none at all.

    Raises:
        PlatformError: See `MetaSession.read`; a refusal for one ad set is no error.
    """
    asked = {"fields": "id,daily_budget", "effective_status": _ACTIVE}
    ad_sets = session.rows((session.act, "adsets"), asked, "reading ad sets")
    names = [str(row["id"]) for row in ad_sets if row.get("daily_budget")]
    for name, rows in _answered(session, names, "delivery_estimate", ESTIMATE_FIELDS):
        told = [{"adset_id": name, **row} for row in rows if row.get("daily_outcomes_curve")]
        if told:
            yield {"data": told}


def comments(session: MetaSession) -> Iterator[Json]:
    """What people wrote beneath the ads that run, without who they are; each row says of which ad it is.

    Ads may share one post: each of them gets a row for each comment, under the comment's one id.

    A token that may not read what stands beneath a page's posts is refused: there are no rows then.

    Raises:
        PlatformError: See `MetaSession.read`; a refusal for one ad is no error.
    """
    asked = {"fields": "id,campaign_id,adset_id,creative{effective_object_story_id}", "effective_status": _ACTIVE}
    ads: dict[str, list[Json]] = {}
    for ad in session.rows((session.act, "ads"), asked, "reading ads"):
        if post := cast("Json", ad.get("creative") or {}).get("effective_object_story_id"):
            whose = {"ad_id": ad["id"], "adset_id": ad["adset_id"], "campaign_id": ad["campaign_id"]}
            ads.setdefault(str(post), []).append(whose)
    for post, rows in _answered(session, ads, "comments", COMMENT_FIELDS):
        kept = [{name: row[name] for name in COMMENT_FIELDS if name in row} for row in rows]
        told = [{**whose, **row} for whose in ads[post] for row in kept]
        if told:
            yield {"data": told}


def _answered(
    session: MetaSession, names: Iterable[str], edge: str, fields: Sequence[str]
) -> Iterator[tuple[str, list[Json]]]:
    """The objects that Meta answers for, with the rows of their edge; after some refusals and no answer it is left."""
    refused, answered = 0, False
    for name in names:
        if refused >= _REFUSALS and not answered:
            return
        try:
            rows = session.rows((name, edge), {"fields": ",".join(fields)}, f"reading {edge} of {name}")
        except PlatformError as error:
            if error.kind != "refused":
                raise
            refused += 1
            continue
        answered = True
        yield name, rows
