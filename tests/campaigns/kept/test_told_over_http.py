"""What the command line says is said over HTTP without its commands, and without where plans lie."""

from pathlib import Path

import pytest

from marketmover.campaigns.kept.folders import over_http

FOLDER = Path("/srv/home/plans/default/0f1e2d3c4b5a69788796a5b4c3d2e1f0")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (f"Read it, then approve it (`marketmover plan approve {FOLDER} --by NAME`).", "Read it, then approve it."),
        (
            "Put the approved files back. What runs is changed by `marketmover plan apply`.",
            "Put the approved files back. What runs is changed by applying, undoing and rolling back changes.",
        ),
        (
            f"Finish it first: `marketmover plan publish {FOLDER}`; or give it up: `marketmover plan abandon`.",
            "Finish it first: publish the plan again; or give the publication up.",
        ),
        ("It is left there, paused (--keep).", "It is left there, paused."),
        (
            "See that it is served: marketmover sandbox serve DIR.",
            "Ask whoever runs the server to start the simulated platforms.",
        ),
        (f"state.json in {FOLDER} was set by hand.", f"state.json in {FOLDER.name} was set by hand."),
    ],
)
def test_it_is_told_by_names_and_not_by_commands(said: str, told: str) -> None:
    assert over_http(said, FOLDER) == told
