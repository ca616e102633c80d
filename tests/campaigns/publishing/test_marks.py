from tests.campaigns.publishing.conftest import NEW_META, make_plan

from marketmover.campaigns.compose.writing import plan_json
from marketmover.history import Line
from marketmover.monitoring import named_lines, new_lines_of
from marketmover.plans import Plan


def exported(name: str) -> Line:
    return Line("meta_ads:9:99", "meta_ads", "444", "9", "99", name, "VIDEO")


def test_two_plans_of_one_day_have_marks_of_their_own() -> None:
    plan = make_plan()
    line = next(line for line in plan.lines if line.id == NEW_META)
    dearer = plan.model_copy(update={"lines": [line.model_copy(update={"daily_budget": 101.0}), *plan.lines]})
    assert plan.mark_of(line) != dearer.mark_of(line)
    assert plan.mark_of(line).startswith("[meta_ads:new:1 2026-01-05 ")


def test_a_plan_keeps_its_marks_when_it_is_read_back_and_when_words_about_it_change() -> None:
    plan = make_plan()
    told = plan.model_copy(update={"warnings": ["Mind."], "assumptions": ["So."]})
    assert Plan.model_validate_json(plan_json(told)).digest == plan.digest


def test_lines_that_older_plans_made_are_still_found_by_their_marks() -> None:
    plan = make_plan()
    line = next(line for line in plan.lines if line.id == NEW_META)
    for mark in (plan.mark_of(line), "[meta_ads:new:1 2026-01-05]"):
        assert named_lines(new_lines_of(plan), [exported(f"Yoga {mark} / Yoga {mark}")], []) == {
            NEW_META: "meta_ads:9:99"
        }
    assert named_lines(new_lines_of(plan), [exported("Yoga [meta_ads:new:1 2026-01-05 ffffff]")], []) == {}
