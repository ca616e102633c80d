"""Which lines of the exports the new lines of a plan have become."""

from dataclasses import replace

from tests.campaigns.tuning.conftest import START, PanelMaker, PlanMaker, in_force, known

from marketmover.campaigns.tuning.standing import standing_of


def test_new_lines_are_known_by_the_mark_in_their_names(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    """Two of one kind, of which the exports name the second first."""
    panel, plan = make_panel(), make_plan()
    first, third = (
        plan.lines[place].model_copy(update={"id": f"google_ads:new:{number}", "is_new": True})
        for number, place in ((1, 0), (2, 2))
    )
    plan = plan.model_copy(update={"lines": [first, plan.lines[1], third, *plan.lines[3:]]})
    created = {0: "google_ads:new:2", 2: "google_ads:new:1"}
    names = tuple(
        replace(line, name=f"CRM [{created[row]} {START}]") if row in created else line
        for row, line in enumerate(panel.lines)
    )
    before = known(panel).then
    before = replace(before, lines=tuple(replace(line, id=f"past:{line.id}") for line in before.lines))
    standing = standing_of(in_force(plan), replace(panel, lines=names), before, known(panel).last)
    assert standing.new_lines == {
        "google_ads:new:1": panel.lines[2].id,
        "google_ads:new:2": panel.lines[0].id,
    }
