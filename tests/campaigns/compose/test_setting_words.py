"""Changed settings and trials in a client's words."""

import re
from datetime import date

import pytest

from marketmover.campaigns.compose.setting_words import (
    change_words,
    exploration_words,
    pair_of,
    together_words,
    trial_words,
)
from marketmover.campaigns.parameters import Candidate
from marketmover.plans import Bidding, Range, Trial

NOW = Bidding(strategy="TARGET_CPA", target=38.0)
GAIN = Range(low=0.03, mid=0.11, high=0.2)
MESSAGE = Candidate("google_ads:1:-", "message", "Fair prices", "Ready this week", {})
AUDIENCE = Candidate("google_ads:1:-", "audience", "people of all ages", "people aged 35 to 54", {}, room=0.482)
BIDDING = Candidate(
    "google_ads:1:-",
    "bidding",
    "TARGET_CPA",
    "MAXIMIZE_CONVERSIONS",
    {},
    apply={"strategy": "MAXIMIZE_CONVERSIONS", "target": None},
)

FORM = Candidate("meta_ads:1:2", "ad_type", "IMAGE", "VIDEO", {}, apply={"ad_type": "VIDEO"}, ad_id="9")


def trial(candidate: Candidate, mid: float = 0.05, value: float = 14.2) -> Trial:
    pair = pair_of(candidate, NOW, "GBP")
    return Trial(
        line_id=candidate.line_id,
        parameter=candidate.parameter,
        before=pair.before,
        after=pair.after,
        share=0.3,
        budget=1234.5,
        expected=Range(low=mid - 0.2, mid=mid, high=mid + 0.2),
        known_on=date(2026, 12, 20),
        known_to=0.117,
        settles=0.74,
        value=value,
        words="",
    )


def said(candidate: Candidate) -> str:
    return change_words(candidate, pair_of(candidate, NOW, "GBP"), GAIN, 0.93, "qualified_leads")


def test_a_new_message_is_quoted_with_its_gain_and_chance() -> None:
    assert said(MESSAGE) == (
        "Show the ad “Ready this week” rather than “Fair prices”: qualified leads of this line are expected to change "
        "by +3% to +20% (most likely +11%), 93% likely for the better. It rests on how this text did beside other ads "
        "in the account."
    )


def test_a_new_audience_is_named_as_people_with_what_is_left_of_it() -> None:
    assert said(AUDIENCE).startswith(
        "Reach people aged 35 to 54 (48% of today's audience) rather than people of all ages: "
    )


def test_bidding_is_told_in_words_and_the_lines_own_currency() -> None:
    assert said(BIDDING).startswith(
        "Change how it bids from “aims at £38.00 per conversion” to “as many conversions as it can”: "
    )


def test_another_kind_of_ads_is_named_as_people_call_it() -> None:
    assert said(FORM).startswith("Show video ads rather than image ads: ")


@pytest.mark.parametrize("candidate", [MESSAGE, AUDIENCE, BIDDING, FORM], ids=lambda one: one.parameter)
def test_nothing_is_said_in_enums_or_statisticians_words(candidate: Candidate) -> None:
    sentences = [said(candidate), trial_words(trial(candidate), candidate, "leads", "GBP")]
    for sentence in sentences:
        assert re.findall(r"[A-Z]{2,}_|p-value|posterior|standard error|significan|nan", sentence) == []
        assert sentence.endswith(".")


def test_a_trial_says_how_much_how_closely_and_what_it_is_worth() -> None:
    words = trial_words(trial(MESSAGE), MESSAGE, "qualified_leads", "GBP")
    assert "on 30% of the line's money (£1,234)" in words or "on 30% of the line's money (£1,235)" in words
    assert "By 20 December 2026 the difference will be known to within about 15% either way" in words
    assert "74% likely to be clear which is better" in words
    assert "about 14.2 qualified leads over 90 days" in words


def test_a_trial_of_what_looks_worse_says_why_it_is_tried_all_the_same() -> None:
    words = trial_words(trial(MESSAGE, mid=-0.06), MESSAGE, "leads", "GBP")
    assert "(most likely \N{MINUS SIGN}6%): rather for the worse, but if it is better, that pays long after." in words


def test_what_a_trial_is_worth_is_money_where_revenue_counts() -> None:
    assert "worth about £340 of revenue over" in trial_words(trial(MESSAGE, value=340), MESSAGE, "revenue", "GBP")
    assert "worth about 1 lead over" in trial_words(trial(MESSAGE, value=1.0), MESSAGE, "leads", "GBP")


def test_what_all_trials_teach_is_one_sentence() -> None:
    words = exploration_words([trial(MESSAGE)], {MESSAGE.line_id: "Brand"}, 1234.5, 0.041, "GBP")
    assert words.endswith(
        "(4.1% of the budget) goes to trials of other settings. By 20 December 2026 they tell more of which does "
        "better: on “Brand”, “Ready this week” or “Fair prices” (74% likely to be clear)."
    )


def test_one_setting_is_spoken_of_as_one() -> None:
    assert together_words(1, 1, GAIN, 0.93, "leads") == (
        "The plan changes 1 setting. It is expected to change leads by +3% to +20% (most likely +11%) beyond what the "
        "split alone would bring, 93% likely for the better."
    )
    assert together_words(3, 2, GAIN, 0.93, "leads").startswith("The plan changes 3 settings on 2 lines. Together they")


def test_next_to_nothing_is_not_dressed_up() -> None:
    words = together_words(4, 4, Range(low=-0.03, mid=0.0, high=0.03), 0.45, "leads")
    assert words.endswith(
        "expected to change leads hardly beyond what the split alone would bring (\N{MINUS SIGN}3% to +3%)."
    )
