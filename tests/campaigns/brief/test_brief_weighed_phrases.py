import pytest

from marketmover.campaigns.brief import read_brief


@pytest.mark.parametrize(
    ("text", "interests"),
    [
        (
            "We sell looms. Customers: weavers, spinners and textile teachers.",
            ["weavers", "spinners", "textile teachers"],
        ),
        ("Agency: Who should see it?\nClient: pastry chefs and hotel owners", ["pastry chefs", "hotel owners"]),
        ("The ads are for owners of old motorbikes in Wales.", ["owners of old motorbikes"]),
    ],
)
def test_people_are_read_whole_and_with_their_neighbours_in_a_list(text: str, interests: list[str]) -> None:
    assert read_brief(text).audience.interests == interests


def test_the_senders_own_people_are_no_audience() -> None:
    assert read_brief("We are a team of carpenters and want more enquiries.").audience.interests == []


@pytest.mark.parametrize(
    ("text", "constraints"),
    [
        ("## Don'ts\n- balloons\n- exclamation marks\n", [("avoid", "balloons"), ("avoid", "exclamation marks")]),
        ("must show: opening hours\nno: clowns", [("require", "opening hours"), ("avoid", "clowns")]),
        ("Agency: Any no-gos?\nClient: no balloons, no confetti", [("avoid", "balloons"), ("avoid", "confetti")]),
    ],
)
def test_what_a_heading_label_or_question_asks_for_is_a_constraint(
    text: str, constraints: list[tuple[str, str]]
) -> None:
    assert [(one.kind, one.what) for one in read_brief(text).constraints] == constraints


def test_a_list_without_marks_is_taken_apart() -> None:
    constraints = read_brief("no balloons no confetti no clowns please").constraints
    assert [one.what for one in constraints] == ["balloons", "confetti", "clowns"]
