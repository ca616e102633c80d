"""What is proposed and tried, held against accounts whose truth is known."""

from dataclasses import dataclass

import numpy as np
import pytest
from made_up_account import Account, Spreads, account

from marketmover.campaigns.parameters.candidates import Candidate, candidates_of
from marketmover.campaigns.parameters.choosing import Chooser, Weighed
from marketmover.campaigns.parameters.exploring import Stakes, trials_of
from marketmover.campaigns.parameters.learned import teach
from marketmover.campaigns.parameters.settings import AGES, Values
from marketmover.history import Line
from marketmover.plans import Audience, Brief

ELASTICITY = 0.7


def chooser(made: Account, seed: int = 1) -> Chooser:
    taught = teach("rate", made.cells)
    assert taught is not None
    return Chooser([taught], {line.id: ELASTICITY for line in made.lines}, 28, seed, 400)


def candidates(made: Account, line: Line, now: Values, brief: Brief | None = None) -> list[Candidate]:
    peers = [other for other in made.lines if other.platform == line.platform]
    return candidates_of(line, now, made.ads, made.groups, peers, brief or Brief())


def chosen(made: Account) -> dict[str, list[Weighed]]:
    choosing = chooser(made)
    return {
        line.id: choosing.choose(made.now[line.id], lambda now, line=line: candidates(made, line, now))
        for line in made.lines
    }


@dataclass(frozen=True)
class Earned:
    truly: float
    promised: float


def earned(made: Account) -> list[Earned]:
    """What each chosen change truly does to its line, upon those before it."""
    found: list[Earned] = []
    for line, changes in chosen(made).items():
        values, message, room = made.now[line], made.message[line], 1.0
        for change in changes:
            before = made.true_outcome(line, values, message, room, ELASTICITY)
            candidate = change.candidate
            values, room = candidate.values, room * candidate.room
            message = made.message_of_ad(candidate.ad_id) if candidate.ad_id else message
            after = made.true_outcome(line, values, message, room, ELASTICITY)
            found.append(Earned(after / before - 1.0, change.expected))
    return found


def test_at_least_eight_of_ten_changes_are_for_the_better_and_bring_about_what_they_promise() -> None:
    all_changes = [one for seed in range(5) for one in earned(account(seed))]
    assert len(all_changes) >= 10
    assert np.mean([one.truly > 0 for one in all_changes]) >= 0.8
    truly, promised = (np.mean([getattr(one, name) for one in all_changes]) for name in ("truly", "promised"))
    assert 0.5 * promised < truly < 2.0 * promised


def test_hardly_anything_is_proposed_where_parameters_do_nothing() -> None:
    nothing = Spreads(0.0, 0.0, 0.0, 0.0, 0.0)
    many = sum(len(changes) for seed in range(3) for changes in chosen(account(seed, nothing)).values())
    assert many <= 9  # of 45 lines with 25 candidates each: a change is proposed at 75%


def test_with_few_leads_nothing_is_proposed() -> None:
    changes = [one for found in chosen(account(3, leads=2.0)).values() for one in found]
    assert changes == []


def test_an_audience_is_narrowed_where_a_large_part_of_it_earns_nearly_nothing() -> None:
    made = account(2, Spreads(age=0.0, gender=0.0, message=0.0, together=0.0, own=0.0), leads=600.0)
    young = {"18-24", "25-34"}

    def fewer(cell: object) -> object:
        ages = set(getattr(cell, "values", {}).get("age", {}))
        if getattr(cell, "source", "") == "people" and ages <= young:
            return type(made.cells[0])(cell.source, cell.context, cell.values, 0.1 * cell.counted, cell.due)  # pyright: ignore[reportAttributeAccessIssue] - a cell
        return cell

    cells = [fewer(cell) for cell in made.cells]
    dull = Account(made.lines, made.ads, made.groups, made.now, cells, made.message, made.log_rate)  # pyright: ignore[reportArgumentType] - cells
    line = max(dull.lines, key=lambda one: sum(dull.now[one.id]["age"][name] for name in young))
    best = chooser(dull).choose(dull.now[line.id], lambda now: candidates(dull, line, now))
    assert best[0].candidate.parameter == "audience"
    assert best[0].candidate.apply["age_min"] == 35
    assert best[0].candidate.room < 1.0


def test_a_brief_that_names_ages_keeps_them() -> None:
    made = account(1)
    line = made.lines[0]
    brief = Brief(audience=Audience(age_min=25, age_max=54))
    kinds = {one.parameter for one in candidates(made, line, made.now[line.id], brief) if "age_min" in one.apply}
    assert kinds == set()


def test_narrowing_costs_room() -> None:
    made = account(4, Spreads(0.0, 0.0, 0.0, 0.0, 0.0), leads=2000.0)
    line = made.lines[0]
    narrower = [one for one in candidates(made, line, made.now[line.id]) if "age_min" in one.apply]
    for one in chooser(made).weigh(made.now[line.id], narrower):
        assert float(one.gain.mean()) < 0.1 * (1.0 - one.candidate.room)


def test_the_same_seed_weighs_alike() -> None:
    made = account(5)
    line = made.lines[0]
    found = candidates(made, line, made.now[line.id])
    first, second = (chooser(made).weigh(made.now[line.id], found) for _ in range(2))
    assert all(np.array_equal(one.gain, other.gain) for one, other in zip(first, second, strict=True))


def test_trials_stay_within_their_share_and_are_such_as_will_tell() -> None:
    made = account(6, leads=20.0)
    choosing = chooser(made)
    weighed = [
        one
        for line in made.lines
        for one in choosing.weigh(made.now[line.id], candidates(made, line, made.now[line.id]))
    ]
    stakes = {line.id: Stakes(1000.0, 600.0, 900.0) for line in made.lines}
    trials = trials_of(weighed, stakes, 28, 0.1)
    assert trials
    assert sum(trial.arm * stakes[trial.weighed.candidate.line_id].budget for trial in trials) <= 0.1 * 15_000 + 1e-6
    assert len({trial.weighed.candidate.line_id for trial in trials}) == len(trials)
    for trial in trials:
        spread = float(trial.weighed.by_rate["rate"].std())
        assert trial.error < spread
        assert trial.value > 0


@pytest.mark.parametrize("counted", [0.0, 1.0])
def test_nothing_is_tried_where_a_trial_could_not_tell(counted: float) -> None:
    made = account(6)
    line = made.lines[0]
    weighed = chooser(made).weigh(made.now[line.id], candidates(made, line, made.now[line.id]))
    assert trials_of(weighed, {line.id: Stakes(1000.0, counted, counted)}, 28, 0.5) == []


def test_ages_of_a_candidate_are_a_run_of_the_lines_own() -> None:
    made = account(7)
    line = made.lines[0]
    for one in candidates(made, line, made.now[line.id]):
        kept = [name for name in AGES if one.values["age"].get(name, 0.0) > 0]
        first = AGES.index(kept[0])
        assert kept == list(AGES[first : first + len(kept)])
