"""What people write beneath ads, and which creative comes in where ads are tired."""

from dataclasses import replace
from datetime import date, timedelta

from marketmover.campaigns.tuning.feelings import Feeling, feelings_of
from marketmover.campaigns.tuning.rotation import next_creative, put_off
from marketmover.history import AdText, Line, Reaction
from marketmover.language.sentiment import DefaultEngine

DAY = date(2026, 3, 31)
BAD = "Awful company, they never answered and kept my money."
GOOD = "Love it, the team was wonderful and so quick!"
LINE = Line(
    id="meta_ads:1:11", platform="meta_ads", account_id="1", campaign_id="1", group_id="11", name="Line",
    ad_type="IMAGE", status="ACTIVE", daily_budget=100.0,
)  # fmt: skip


def comments(ad: str, bad: int, good: int, day: date = DAY) -> list[Reaction]:
    return [Reaction("meta_ads", ad, day, text) for text in [BAD] * bad + [GOOD] * good]


def ad(
    name: str, words: str, *, clicks: float, results: float, line: str = "meta_ads:2:22", running: bool = False
) -> AdText:
    return AdText(
        id=name, platform="meta_ads", line_id=line, headlines=(words,), descriptions=(f"{words} for you",),
        form="IMAGE", running=running, impressions=100_000.0, clicks=clicks, conversions=results,
    )  # fmt: skip


ADS = (
    ad("shown", "Kitchens built by hand", clicks=1000, results=50, line=LINE.id, running=True),
    ad("peer", "Ask three neighbours first", clicks=1000, results=50),
    ad("strong", "Your oven waits on Friday", clicks=1500, results=90),
    ad("liked", "Measured free this week", clicks=1450, results=85),
    ad("weak", "Doors since nineteen eighty", clicks=300, results=5),
)


def test_an_ad_that_people_answer_badly_puts_them_off_and_one_that_is_praised_does_not() -> None:
    found = feelings_of([*comments("a", 18, 4), *comments("b", 2, 20), *comments("c", 3, 15)], DefaultEngine(), DAY)
    assert found["a"].put_off > 0.9
    assert found["b"].put_off < 0.05
    assert found["a"].low < found["a"].negative < found["a"].high
    assert [one.id for one in put_off([replace(ADS[0], id="a")], found)] == ["a"]


def test_a_comment_on_a_post_that_ads_share_speaks_of_each_and_counts_once_for_the_others() -> None:
    def beneath(ad: str) -> list[Reaction]:
        return [Reaction("meta_ads", ad, DAY, one.text, f"7_{at}") for at, one in enumerate(comments(ad, 12, 4))]

    other = comments("c", 2, 20)
    alone = feelings_of([*beneath("a"), *other], DefaultEngine(), DAY)
    shared = feelings_of([*beneath("a"), *beneath("b"), *other], DefaultEngine(), DAY)
    assert shared["a"] == shared["b"] == alone["a"]
    assert shared["c"] == alone["c"]


def test_few_comments_say_nothing_and_old_or_later_ones_do_not_count() -> None:
    few = feelings_of([*comments("a", 5, 0), *comments("b", 2, 20)], DefaultEngine(), DAY)
    assert not few["a"].speaks
    assert put_off([replace(ADS[0], id="a")], few) == []
    assert feelings_of(comments("a", 30, 0, DAY - timedelta(100)), DefaultEngine(), DAY) == {}
    assert feelings_of(comments("a", 30, 0, DAY + timedelta(1)), DefaultEngine(), DAY) == {}


def test_the_creative_that_brings_most_comes_in_and_none_that_is_shown_already() -> None:
    found = next_creative(LINE, ADS, {}, [7])
    assert found is not None
    assert found.ad.id in {"strong", "liked"}
    assert found.brings > 1.1
    assert found.creative("IMAGE").headline == found.ad.headlines[0]


def test_of_two_that_bring_the_same_the_one_that_people_take_better_comes_in() -> None:
    felt = {"strong": Feeling(30, 0.35, 0.25, 0.45, 0.3), "liked": Feeling(30, 0.05, 0.01, 0.1, 0.0)}
    found = next_creative(LINE, ADS, felt, [7])
    assert found is not None
    assert found.ad.id == "liked"


def test_one_that_puts_people_off_never_comes_in_however_often_it_is_clicked() -> None:
    felt = {name: Feeling(30, 0.8, 0.7, 0.9, 0.99) for name in ("strong", "liked")}
    found = next_creative(LINE, ADS, felt, [7])
    assert found is None or found.ad.id == "peer"


def test_where_all_others_bring_less_new_ones_are_to_be_made() -> None:
    assert next_creative(LINE, [ADS[0], ADS[1], ADS[4]][::2], {}, [7]) is None
