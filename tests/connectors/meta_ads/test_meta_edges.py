"""What is asked of Meta's edges is known to its official SDK."""

from typing import Any

import pytest
from facebook_business.adobjects.ad import Ad
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.adobjects.adactivity import AdActivity
from facebook_business.adobjects.adset import AdSet
from facebook_business.adobjects.adsinsights import AdsInsights
from facebook_business.adobjects.campaign import Campaign
from facebook_business.adobjects.comment import Comment

from marketmover.connectors.meta_ads.edges import ACCOUNT_FIELDS, CHANGE_FIELDS, COMMENT_FIELDS, INSIGHTS, OBJECTS


def _values(kind: Any) -> set[str]:
    return {value for name, value in vars(kind).items() if not name.startswith("_")}


@pytest.mark.parametrize(("edge", "kind"), [("campaigns", Campaign), ("adsets", AdSet), ("ads", Ad)])
def test_fields_and_statuses_of_objects_are_known(edge: str, kind: Any) -> None:
    assert {name.partition("{")[0] for name in OBJECTS[edge].fields} <= _values(kind.Field)
    assert set(OBJECTS[edge].statuses) <= _values(kind.EffectiveStatus)


def test_fields_of_figures_changes_comments_and_the_account_are_known() -> None:
    for insights in INSIGHTS.values():
        assert set(insights.fields) <= _values(AdsInsights.Field)
        assert set(insights.breakdowns) <= _values(AdsInsights.Breakdowns)
    assert set(CHANGE_FIELDS) <= _values(AdActivity.Field)
    assert set(COMMENT_FIELDS) <= _values(Comment.Field)
    assert set(ACCOUNT_FIELDS) <= _values(AdAccount.Field)
