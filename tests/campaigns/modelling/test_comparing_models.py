import csv
import io
from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from accounts import LAST, account, until, with_leads

from marketmover.campaigns.backtest import Known, KnownThen, known_by_cutting
from marketmover.campaigns.modelling import Comparison, Design, check_panel, keep, run
from marketmover.campaigns.modelling.comparing import Trial
from marketmover.campaigns.modelling.page import render_page
from marketmover.campaigns.modelling.show import show
from marketmover.campaigns.modelling.words import answer, check_sentence
from marketmover.campaigns.modelling.writing import as_csv
from marketmover.errors import NotFoundError
from marketmover.history import Panel
from marketmover.learning import Tracker
from marketmover.store import StoreOpener

KNOWN_DAYS = 364
DESIGN = Design(length=28, seed=3, trials=0)


def misled(panel: Panel) -> KnownThen:
    """What was known on a day, with half of the leads that there were, and more off on some lines than on others."""
    honest = known_by_cutting(panel)

    def known(day: date) -> Known:
        then = honest(day)
        share = np.linspace(0.2, 1.5, len(then.panel.lines))[:, None]
        return replace(then, panel=with_leads(then.panel, np.round(then.panel.leads * share)))

    return known


@pytest.fixture(scope="module")
def compared() -> tuple[Comparison, list[Trial]]:
    panel = until(account(), KNOWN_DAYS)
    return run(panel, known_by_cutting(panel), (), DESIGN)


def tracker_of(opener: StoreOpener) -> Tracker:
    with opener.home() as stores:
        return Tracker(stores.tracking_url, stores.files, stores.workspace)


def test_every_model_stands_beside_the_structural_one(compared: tuple[Comparison, list[Trial]]) -> None:
    table = compared[0].outcomes[0]
    assert [row.name for row in table.models] == ["structural", "last_period", "regression", "boosting", "network"]
    assert table.outcome == "leads"  # conversions are the same counts, and stand once
    assert len(compared[0].outcomes) == 1
    assert all(row.error is not None and 0.02 < row.error < 0.6 for row in table.models)
    assert table.forecasts == 6 * table.folds
    assert sum(weight for _, weight in table.weights) == pytest.approx(1.0)


def test_a_structural_model_that_is_right_stays(compared: tuple[Comparison, list[Trial]]) -> None:
    found = compared[0]
    assert found.outcomes[0].verdict == "structural model stays"
    assert answer(found)[0].startswith("The structural model stays")


def test_weights_of_a_stretch_come_from_stretches_that_had_settled_before_it(
    compared: tuple[Comparison, list[Trial]],
) -> None:
    trial = compared[1][0]
    judged = trial.folds[trial.warm_up :]
    assert len(judged) == len(trial.scores["together"])
    assert all(later.origin - one.origin == 28 for one, later in pairwise(trial.folds))
    known = [sum(one.known_at <= fold.origin for one in trial.folds) for fold in judged]
    assert known == [trial.warm_up - 1 + place for place in range(len(judged))]  # the one just before is still settling


def test_the_same_seed_and_history_give_the_same_files(compared: tuple[Comparison, list[Trial]]) -> None:
    panel = until(account(), KNOWN_DAYS)
    again = run(panel, known_by_cutting(panel), (), DESIGN)[0]
    assert again.to_json() == compared[0].to_json()
    assert (as_csv(again), render_page(again)) == (as_csv(compared[0]), render_page(compared[0]))


def test_where_the_structural_model_is_misled_others_earn_their_place_and_are_kept(opener: StoreOpener) -> None:
    panel = until(account(), KNOWN_DAYS)
    found, trials = run(panel, misled(panel), (), DESIGN)
    table = found.outcomes[0]
    assert table.verdict == "earns its place"
    assert table.together.saves is not None
    assert table.together.saves.low > 0.1
    assert "earn their place for leads" in answer(found)[0]
    tracker = tracker_of(opener)
    assert keep(tracker, found, trials) == {"leads": 1}
    kept = tracker.newest("leads")
    assert kept is not None
    assert (kept.content["kind"], kept.labels["fingerprint"]) == ("stack", found.fingerprint)
    assert kept.content["models"]
    assert sum(kept.content["stack"]["weights"].values()) == pytest.approx(1.0)


def test_a_history_that_is_too_short_says_so_and_what_would_do(capsys: pytest.CaptureFixture[str]) -> None:
    panel = account(days=120)
    found, trials = run(panel, known_by_cutting(panel), (), DESIGN)
    assert (found.outcomes, trials) == ((), [])
    show(found)
    assert "120 days of 6 lines" in capsys.readouterr().out
    nothing = run(Panel.empty("USD"), known_by_cutting(Panel.empty("USD")), (), DESIGN)[0]
    assert "import exports" in answer(nothing)[1]
    assert "Not enough data" in render_page(nothing)


def test_the_table_is_a_csv_with_a_row_a_model(compared: tuple[Comparison, list[Trial]]) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(compared[0]))))
    assert [row["model"] for row in rows] == [
        "structural",
        "last_period",
        "regression",
        "boosting",
        "network",
        "together",
    ]
    assert float(rows[1]["adds_low"]) <= float(rows[1]["adds"]) <= float(rows[1]["adds_high"])
    assert rows[0]["adds"] == ""


@pytest.fixture
def registered(opener: StoreOpener, compared: tuple[Comparison, list[Trial]]) -> Tracker:
    """A model chosen on the account's first days."""
    tracker = tracker_of(opener)
    keep(tracker, *compared)
    return tracker


def test_a_model_holds_while_the_account_goes_on_as_it_was_and_falls_when_leads_do(registered: Tracker) -> None:
    panel = account()
    found = check_panel(panel, known_by_cutting(panel), (), registered)[0]
    assert found.check is not None
    assert (found.version, found.check.folds, found.check.standing) == (1, 2, "holds")
    assert "version 1 holds" in check_sentence(found)

    leads = panel.leads.copy()
    leads[:, KNOWN_DAYS:] = np.random.default_rng(1).binomial(leads[:, KNOWN_DAYS:].astype(int), 0.35)
    broken = with_leads(panel, leads.astype(float))
    alert = check_panel(broken, known_by_cutting(broken), (), registered)[0]
    assert alert.check is not None
    assert alert.check.standing == "has fallen"
    assert "no longer holds" in check_sentence(alert)
    assert alert.to_json()["standing"] == "has fallen"

    soon = until(panel, KNOWN_DAYS + 30)
    early = check_panel(soon, known_by_cutting(soon), (), registered)[0]
    assert early.check is None
    assert f"known in full on {early.ready_on}" in check_sentence(early)
    assert early.since < LAST


def test_a_check_without_a_registered_model_says_what_to_run(opener: StoreOpener) -> None:
    panel = account(days=60)
    with pytest.raises(NotFoundError) as caught:
        check_panel(panel, known_by_cutting(panel), (), tracker_of(opener))
    assert "models compare" in caught.value.remedy
