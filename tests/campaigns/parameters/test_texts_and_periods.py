"""What ads say, and what lines had before they were changed."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from marketmover.campaigns.parameters.periods import periods_of
from marketmover.campaigns.parameters.settings import ages_between, values_of, with_interactions
from marketmover.campaigns.parameters.spells import spells_of
from marketmover.campaigns.parameters.texts import grouped_texts, themes_of
from marketmover.history import AdText, Line, Panel, SettingChange

LINE = Line(
    id="meta_ads:7:71",
    platform="meta_ads",
    account_id="1",
    campaign_id="7",
    group_id="71",
    name="Spring",
    ad_type="IMAGE",
    bidding_strategy="COST_CAP",
    age_min=25,
    age_max=44,
    genders=("FEMALE",),
)


def panel(days: int = 100) -> Panel:
    dates = np.arange(np.datetime64("2025-01-01"), np.datetime64("2025-01-01") + days)
    return replace(Panel.empty("USD"), lines=(LINE,), dates=dates)


def ad(name: str, *texts: str, shown: float = 100.0, running: bool = True) -> AdText:
    return AdText(id=name, platform="meta_ads", line_id=LINE.id, headlines=texts, impressions=shown, running=running)


def lead(weights: dict[str, float]) -> str:
    return max(weights, key=lambda theme: weights[theme])


def test_a_theme_is_known_by_its_words() -> None:
    assert lead(themes_of(["Free trial for 30 days", "Cancel anytime, at no cost"])) == "free"
    assert lead(themes_of(["20% off all shoes", "The sale ends soon"])) == "discount"
    assert lead(themes_of(["Trusted by 4,000 customers"])) == "trust"


def test_texts_of_no_known_theme_have_none() -> None:
    assert themes_of(["Physiotherapie in Leipzig"]) == {}


def test_weights_of_themes_add_up_to_one() -> None:
    weights = themes_of(["Fair prices, fast", "Premium quality", "Save today only"])
    assert abs(sum(weights.values()) - 1.0) < 1e-9


def test_ads_that_say_much_the_same_are_one_text_whatever_the_language() -> None:
    ads = [
        ad("1", "Physiotherapie in Leipzig", "Termin noch diese Woche"),
        ad("2", "Physiotherapie in Leipzig", "Termin noch diese Woche frei"),
        ad("3", "Rückenschmerzen loswerden", "Erfahrene Therapeuten"),
    ]
    groups = grouped_texts(ads)
    assert groups["1"] == groups["2"] != groups["3"]


def test_an_ad_without_words_has_no_text() -> None:
    assert grouped_texts([ad("1")]) == {}


def test_ages_between_two_ages_are_the_groups_of_which_most_lies_within() -> None:
    assert ages_between(25, 44) == ("25-34", "35-44")
    assert ages_between(None, None)[-1] == "65+"
    assert ages_between(30, 65) == ("35-44", "45-54", "55-64", "65+")


def test_values_of_a_line_weigh_its_running_ads_by_how_often_they_were_shown() -> None:
    ads = [ad("1", "Fair prices"), ad("2", "Fast and simple", shown=300.0), ad("3", "Free trial", running=False)]
    values = values_of(LINE, ads, grouped_texts(ads))
    assert values["theme"] == {"price": 0.25, "speed": 0.75}
    assert values["bidding"] == {"meta_ads COST_CAP": 1.0}
    assert values["gender"] == {"FEMALE": 1.0}
    assert abs(values["theme x age"]["speed, 25-34"] - 0.375) < 1e-9


def change(day: date, before: str, what: str = "update_ad_set_bid_strategy") -> SettingChange:
    return SettingChange(LINE.id, day, what, before, None)


def test_a_change_of_bidding_parts_a_lines_past() -> None:
    now = values_of(LINE, [], {})
    told = change(date(2025, 2, 1), '{"bid_strategy": "LOWEST_COST_WITHOUT_CAP"}')
    first, second = periods_of(panel(), 0, now, [told])
    assert (first.after, second.first) == (31, 31)
    assert first.values["bidding"] == {"meta_ads LOWEST_COST_WITHOUT_CAP": 1.0}
    assert second.values["bidding"] == {"meta_ads COST_CAP": 1.0}


def test_changes_are_walked_back_from_today() -> None:
    now = with_interactions(values_of(LINE, [], {}))
    changes = [
        change(date(2025, 1, 21), '{"targeting": {"age_min": 18, "age_max": 65}}', "update_ad_set_targeting"),
        change(date(2025, 3, 2), '{"bid_strategy": "LOWEST_COST_WITHOUT_CAP"}'),
    ]
    first, second, third = periods_of(panel(), 0, now, changes)
    assert len(first.values["age"]) == 6
    assert len(second.values["age"]) == 2
    assert second.values["bidding"] == first.values["bidding"] != third.values["bidding"]


def test_a_change_that_says_nothing_of_settings_parts_nothing() -> None:
    changes = [change(date(2025, 2, 1), '{"name": "Old"}'), change(date(2025, 2, 2), "not JSON at all")]
    assert len(periods_of(panel(), 0, values_of(LINE, [], {}), changes)) == 1


def test_ages_and_gender_as_metas_activity_log_words_them() -> None:
    now = values_of(LINE, [], {})
    words = '[{"content": "Age:", "children": ["18 - 65+"]}, {"content": "Gender:", "children": ["All"]}]'
    first, second = periods_of(panel(), 0, now, [change(date(2025, 2, 1), words, "update_ad_set_target_spec")])
    assert len(first.values["age"]) == 6
    assert set(first.values["gender"]) == {"FEMALE", "MALE"}
    assert set(second.values["gender"]) == {"FEMALE"}


def test_a_strategy_that_stands_alone_is_read() -> None:
    told = change(date(2025, 2, 1), '"LOWEST_COST_WITHOUT_CAP"')
    first, _ = periods_of(panel(), 0, values_of(LINE, [], {}), [told])
    assert first.values["bidding"] == {"meta_ads LOWEST_COST_WITHOUT_CAP": 1.0}


@pytest.mark.parametrize(("was", "became"), [(True, False), (False, True)])
def test_a_google_age_that_was_let_in_or_left_out(was: bool, became: bool) -> None:
    line = replace(LINE, platform="google_ads", genders=())
    criterion = '{{"adGroupCriterion": {{"ageRange": {{"type": "AGE_RANGE_35_44"}}, "negative": {}}}}}'
    texts = [criterion.format(str(one).lower()) for one in (was, became)]
    told = SettingChange(line.id, date(2025, 2, 1), "AD_GROUP_CRITERION", *texts)
    ages: tuple[str, ...] = ("25-34", "35-44") if became is False else ("25-34",)
    reached: dict[str, dict[str, float]] = {"age": dict.fromkeys(ages, 0.5)}
    first, second = periods_of(replace(panel(), lines=(line,)), 0, reached, [told])
    assert ("35-44" in first.values["age"]) is became
    assert ("35-44" in second.values["age"]) is not became


def test_new_ads_replace_those_before_but_for_those_that_still_run() -> None:
    ads = [
        replace(ad("1", "Fair prices", running=False), created_on=date(2025, 1, 1)),
        replace(ad("2", "Fast and simple"), created_on=date(2025, 1, 31)),
        replace(ad("3", "Free trial"), created_on=date(2025, 3, 1)),
    ]
    spells = spells_of(panel(), ads, [], grouped_texts(ads))
    assert [(one.first, one.after) for one in spells] == [(0, 30), (30, 59), (59, 100)]
    assert [set(one.message["theme"]) for one in spells] == [{"price"}, {"speed"}, {"speed", "free"}]


def test_what_ads_said_is_left_out_where_it_is_not_known() -> None:
    ads = [replace(ad("1", "Fair prices"), created_on=date(2025, 2, 20))]
    spells = spells_of(panel(), ads, [], grouped_texts(ads))
    first, second = periods_of(panel(), 0, values_of(LINE, ads, grouped_texts(ads)), [], spells)
    assert "theme" not in first.values
    assert "theme x age" not in first.values
    assert second.values["theme"] == {"price": 1.0}
