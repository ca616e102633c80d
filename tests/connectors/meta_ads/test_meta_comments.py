"""Comments beneath simulated ads: served by the Graph API, pulled by the official SDK, and read as they were meant."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from tests.connectors.meta_ads.conftest import ServedMeta

from marketmover.campaigns.tuning.feelings import feelings_of
from marketmover.connectors.meta_ads.one_by_one import comments
from marketmover.errors import PlatformError
from marketmover.history import Reaction
from marketmover.language.sentiment import DefaultEngine
from marketmover.sandbox.serving.meta.comments import MARK, comments_by_ad, unkind_share

DAY = date(2026, 3, 31)


def test_pulled_comments_are_those_of_the_running_ads_and_say_that_they_are_simulated(served: ServedMeta) -> None:
    pulled = defaultdict[str, list[str]](list)
    for page in comments(served.session(page=7)):
        for row in page["data"]:
            assert set(row) == {"ad_id", "adset_id", "campaign_id", "id", "message", "created_time"}
            assert row["message"].endswith(MARK)
            pulled[row["ad_id"]].append(row["id"])
    truth = comments_by_ad(served.account)
    on = {row["id"] for row in served.account.meta_rows("ads") if row["status"] == "ACTIVE"}
    assert pulled
    assert pulled == {ad: [row["id"] for row in rows] for ad, rows in truth.items() if rows and ad in on}


def test_what_was_written_stays_and_new_days_add_to_it(served: ServedMeta) -> None:
    before = {row["id"]: row for rows in comments_by_ad(served.account).values() for row in rows}
    served.account.advance(3)
    after = {row["id"]: row for rows in comments_by_ad(served.account).values() for row in rows}
    assert before.items() <= after.items()
    assert len(after) > len(before)
    assert max(row["created_time"] for row in after.values())[:10] < served.account.today.isoformat()


class Shown:
    """An account whose sixteen ads are shown as often each day for two months."""

    meta_account = "444"

    def meta_rows(self, kind: str, first: date | None, last: date | None) -> Iterator[dict[str, Any]]:
        assert (kind, first, last) == ("insights_by_ad", None, None)
        for day in range(60):
            for ad in range(16):
                yield {"ad_id": f"a{ad}", "date_start": str(DAY - timedelta(day)), "impressions": "9000"}


def test_how_ads_are_taken_can_be_read_from_their_comments() -> None:
    reactions = [
        Reaction("meta_ads", ad, date.fromisoformat(row["created_time"][:10]), row["message"], row["id"])
        for ad, rows in comments_by_ad(Shown()).items()
        for row in rows
    ]
    found = feelings_of(reactions, DefaultEngine(), DAY)
    bad = {ad for ad in found if unkind_share(Shown.meta_account, ad) > 0.5}
    assert 0 < len(bad) < 8
    assert all(one.speaks for one in found.values())
    assert min(found[ad].negative for ad in bad) > max(found[ad].negative for ad in found.keys() - bad)
    assert min(found[ad].put_off for ad in bad) > max(found[ad].put_off for ad in found.keys() - bad)


def test_a_post_that_is_not_there_has_no_comments_to_tell(served: ServedMeta) -> None:
    with pytest.raises(PlatformError) as caught:
        served.session().read(("100_1", "comments"), {}, "reading comments")
    assert caught.value.kind == "refused"
