import numpy as np
import pytest
from accounts import account, until, with_leads

from marketmover.campaigns.backtest import Tally
from marketmover.campaigns.modelling.as_known import past_as_known
from marketmover.campaigns.modelling.parameters import parameters
from marketmover.campaigns.modelling.past import Past
from marketmover.campaigns.modelling.rows import rows_of
from marketmover.campaigns.modelling.season import season
from marketmover.history import AdText
from marketmover.learning import LEARNERS, fit

LEADS = "leads"


def test_nothing_that_was_counted_after_a_forecast_is_in_its_features() -> None:
    panel = account()
    changed = panel.leads.copy()
    changed[:, 201:] *= 7.0
    later = with_leads(panel, changed)
    before, after = (rows_of(one, (), Tally.of(one, LEADS), [200], 28).examples for one in (panel, later))
    assert (before.features == after.features).all()
    assert (before.offset == after.offset).all()
    assert np.allclose(after.target, 7.0 * before.target)


def test_a_target_is_known_only_when_its_stretch_has_ended_and_settled() -> None:
    panel = account()
    tally = Tally.of(panel, LEADS)
    examples = rows_of(panel, (), tally, [100, 200], 28).examples
    assert set(examples.known_at - examples.made_at) == {28 + tally.settling}
    assert tally.settling > 0


def test_a_row_is_a_line_that_ran_on_half_of_the_days_and_holds_what_it_counted() -> None:
    panel = account()
    panel.cost[0, 215:] = 0.0
    panel.cost[1, 214:] = 0.0
    rows = rows_of(panel, (), Tally.of(panel, LEADS), [200], 28)
    assert list(rows.lines) == [0, 2, 3, 4, 5]
    assert (rows.examples.target == panel.leads[rows.lines, 201:229].sum(axis=1)).all()


def test_the_simple_rule_expects_the_recent_price_at_the_money_that_is_spent() -> None:
    panel = account()
    panel.cost[:] = 100.0
    panel.clicks[:] = 50.0
    panel.leads[:] = 5.0
    offset = rows_of(panel, (), Tally.of(panel, LEADS), [300], 28).examples.offset
    assert np.allclose(offset, 28 * 5.0, rtol=0.02)


def test_a_day_on_which_tracking_went_mad_does_not_spoil_what_is_learned() -> None:
    panel = account()
    leads = panel.leads.copy()
    leads[2, 250] = 1e5
    found = [
        rows_of(one, (), Tally.of(one, LEADS), range(50, 300, 7), 28).examples
        for one in (panel, with_leads(panel, leads))
    ]
    learner = next(one for one in LEARNERS if one.name == "regression")
    forecasts = [fit(learner, one.known_on(300), seed=0).predict(one.made_on(295)).mean for one in found]
    others = [0, 1, 3, 4, 5]
    assert np.allclose(forecasts[0][others], forecasts[1][others], rtol=0.3)


def test_outcomes_that_are_still_coming_in_do_not_lower_the_rate() -> None:
    panel = account(days=250)
    late = panel.leads.copy()
    late[:, -10:] *= 1.0 - np.exp(-(np.arange(10)[::-1] + 0.5) / 4.0)
    rates = [Past.of(one, Tally.of(one, LEADS)).rate(249) for one in (panel, with_leads(panel, late))]
    naive = late[:, -28:].sum() / panel.leads[:, -28:].sum()
    corrected = rates[1].sum() / rates[0].sum()
    assert naive < 0.9
    assert 0.93 < corrected < 1.07


def test_what_was_known_then_is_laid_out_as_the_whole_history_is() -> None:
    panel = account()
    then = until(panel, 181)
    swapped = with_leads(then, then.leads * 0.5)
    direct, by_import = Past.of(swapped, Tally.of(swapped, LEADS)), past_as_known(panel, swapped, LEADS, 180)
    assert np.allclose(direct.rate(180), by_import.rate(180))
    assert by_import.rate(180).sum() < 0.7 * past_as_known(panel, then, LEADS, 180).rate(180).sum()


def test_settings_and_messages_become_columns() -> None:
    lines = account().lines
    ads = (
        AdText("1", "google_ads", lines[0].id, ("Save 20% today!", "Why wait?"), ("All you need",), None, "TEXT"),
        AdText("2", "meta_ads", lines[3].id, ("See it",), (), "LEARN_MORE", "VIDEO"),
    )
    columns = parameters(lines, ads)
    assert list(columns["platform=meta_ads"]) == [0, 0, 0, 1, 1, 1]
    assert list(columns["has_bidding_target"]) == [0, 1, 0, 1, 0, 1]
    assert columns["bidding_target"][[1, 3, 5]].sum() == pytest.approx(0.0, abs=0.2)
    assert columns["with_price"][0] == columns["with_question"][0] == columns["with_exclamation"][0] == 1.0
    assert columns["form_video"][3] == 1.0
    assert columns["ads"][1] == 0.0


def test_black_friday_is_the_day_after_the_fourth_thursday() -> None:
    days = np.arange(np.datetime64("2024-11-01"), np.datetime64("2026-12-31"))
    marked = days[season(days, None)["black_friday"] > 0]
    assert [str(day) for day in marked[::4]] == ["2024-11-29", "2025-11-28", "2026-11-27"]
    assert season(days, "US")["public_holidays"].sum() > 20
    assert season(days, "XX")["public_holidays"].sum() == 0
