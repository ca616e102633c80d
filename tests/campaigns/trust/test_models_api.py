"""Models over HTTP: what is in use, its proof and calibration, and putting another version in use."""

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.app.web.conftest import OTHER, KeyMaker

from marketmover import __version__
from marketmover.access.permissions import ROLES
from marketmover.app.web.served import ServedApp
from marketmover.campaigns.backtest import Backtest
from marketmover.campaigns.trust.shipped import ShippedModel, shipped_models
from marketmover.language.sentiment.tuning.service import train
from marketmover.language.sentiment.tuning.versions import engine_in_force
from marketmover.settings import Settings
from marketmover.store import StoreOpener

sys.path.append(str(Path(__file__).parents[2] / "language"))
from sentiment_cases import house_of, own_texts, write_labels  # pyright: ignore[reportMissingImports] - shared cases

ROOT = Path(__file__).parents[3]
Ask = Callable[..., Any]
Keep = Callable[..., str]


@pytest.fixture(scope="session")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an installation whose labels taught a version that is in use."""
    home = tmp_path_factory.mktemp("taught") / "home"
    labels = write_labels(home.parent / "labels.csv", own_texts(300))
    assert train(house_of(StoreOpener(Settings(home=home))), [labels]).version.promoted
    return home


@pytest.fixture
def with_labels(served: ServedApp, taught: Path) -> ServedApp:
    with served.home() as stores:
        assert stores.files.list("") == []
    shutil.copytree(taught / "files", served.settings.home / "files", dirs_exist_ok=True)
    return served


def of(ask: Ask, name: str) -> Any:
    answer = ask("GET", f"/models/{name}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_new_workspace_says_of_each_model_what_it_decides_and_that_nothing_of_its_own_speaks_for_it(ask: Ask) -> None:
    items = ask("GET", "/models").json()["items"]
    assert [one["id"] for one in items] == [model.id for model in shipped_models()]
    for one in items:
        assert one["decides"], one["id"]
        assert one["since"], one["id"]
        assert one["proof"]["where"] == "shipped", one["id"]
        assert not one["can_change"], one["id"]
    response = items[0]
    assert "none is imported" in response["learns_from"]["words"]
    assert response["calibration"].startswith("Not enough data here yet")
    assert response["version"] == f"marketmover {__version__}"


def test_a_backtest_here_goes_before_what_was_shipped_and_the_two_are_told_apart(
    ask: Ask, keep: Keep, data: dict[str, Any], replayed: Backtest
) -> None:
    assert len(replayed.windows) >= 3
    name = keep("backtest", data)
    model = of(ask, "response")
    here, *others = model["proofs"]
    assert (here["where"], here["headline"], here["backtest_id"]) == ("here", data["headline"], name)
    assert [one["where"] for one in others] == ["shipped"]
    assert others[0]["document"] == "docs/response-and-allocation.md"
    assert model["proof"] == here
    assert model["through_time"][0] | {"gain": None} == model["through_time"][0] | {
        "id": name, "kind": "backtest", "stretches": len(replayed.windows), "better": replayed.better, "gain": None,
    }  # fmt: skip


def test_calibration_counts_what_the_backtest_counted(
    ask: Ask, keep: Keep, data: dict[str, Any], replayed: Backtest
) -> None:
    keep("backtest", data)
    lines, total, better = of(ask, "response")["calibrations"]
    every = [line for one in replayed.windows for line in one.lines]
    held = sum(line.expected.low <= line.counted <= line.expected.high for line in every)
    at_80 = next(point for point in lines["points"] if point["stated"] == 0.8)
    assert (at_80["n"], at_80["held"]) == (len(every), held)
    assert at_80["low"] <= at_80["observed"] <= at_80["high"]
    shares = [point["observed"] for point in lines["points"]]
    assert shares == sorted(shares), "wider ranges hold more"
    assert (total["id"], total["standing"]) == ("total", "not enough data")
    assert (better["kind"], sum(point["n"] for point in better["points"])) == ("chances", len(replayed.windows))


def test_where_a_count_lies_among_its_draws_agrees_with_the_range_that_was_kept(replayed: Backtest) -> None:
    for line in (line for one in replayed.windows for line in one.lines):
        assert 0.0 <= line.place <= 1.0
        if line.counted < line.expected.low:
            assert line.place <= 0.11
        elif line.counted > line.expected.high:
            assert line.place >= 0.89
        else:
            assert 0.04 <= line.place <= 0.96


def test_an_analysis_without_an_answer_is_listed_and_proves_nothing(ask: Ask, keep: Keep) -> None:
    keep("backtest", {"headline": "Not enough data to replay the past.", "weeks": 4, "metric": "leads", "windows": []})
    keep("models", {"headline": "Not enough data to compare models.", "weeks": 4, "outcomes": []})
    model = of(ask, "response")
    assert model["proof"]["where"] == "shipped"
    assert model["calibrations"] == []
    assert {one["kind"] for one in model["through_time"]} == {"backtest", "comparison"}


def test_what_labels_taught_is_in_use_and_may_be_changed_back_and_forth_by_those_who_may(
    ask: Ask, with_labels: ServedApp, key: KeyMaker
) -> None:
    def label() -> str:
        with with_labels.home() as stores:
            return engine_in_force(stores.files).score_many(["the parcel was flooze"])[0].label

    model = of(ask, "sentiment")
    assert [(one["number"], one["in_use"]) for one in model["versions"]] == [(0, False), (1, True)]
    assert (model["proof"]["where"], model["can_change"], label()) == ("here", True, "negative")
    assert model["learns_from"]["rows"] == model["versions"][1]["texts"]
    analyst = key(*sorted(ROLES["analyst"]))
    assert ask("POST", "/models/sentiment/use", {"version": 0}, headers=analyst).status_code == 403
    changed = ask("POST", "/models/sentiment/use", {"version": 0})
    assert changed.status_code == 200, changed.text
    assert (changed.json()["version"], label()) == (f"marketmover {__version__}", "neutral")
    assert changed.json()["proof"]["where"] == "shipped"
    assert changed.json()["since"] > model["since"]
    assert ask("POST", "/models/sentiment/use", {"version": 0}).status_code == 409
    assert ask("POST", "/models/sentiment/use", {"version": 9}).status_code == 404
    assert ask("POST", "/models/sentiment/use", {"version": 1}).json()["versions"][1]["in_use"]
    assert label() == "negative"
    log = ask("GET", "/audit").json()["items"]
    used = [one for one in log if one["what"] == "model.used"]
    assert [(one["before"], one["after"]) for one in used] == [
        ({"version": 0}, {"version": 1}),
        ({"version": 1}, {"version": 0}),
    ]


def test_a_model_that_is_not_there_or_has_one_version_says_so(ask: Ask) -> None:
    missing = ask("GET", "/models/oracle")
    assert (missing.status_code, "response" in missing.json()["remedy"]) == (404, True)
    assert ask("POST", "/models/response/use", {"version": 1}).status_code == 409
    assert ask("POST", "/models/sentiment/use", {"version": -1}).status_code == 422


@pytest.mark.usefixtures("with_labels")
def test_another_workspace_sees_nothing_of_what_was_found_here(
    ask: Ask, keep: Keep, data: dict[str, Any], key: KeyMaker
) -> None:
    keep("backtest", data)
    theirs = key("owner", workspace=OTHER)
    response = ask("GET", "/models/response", headers=theirs).json()
    assert (response["through_time"], response["calibrations"]) == ([], [])
    assert len(ask("GET", "/models/sentiment", headers=theirs).json()["versions"]) == 1


@pytest.mark.parametrize("model", shipped_models(), ids=lambda model: model.id)
def test_each_shipped_figure_stands_in_the_documentation(model: ShippedModel) -> None:
    text = (ROOT / model.document).read_text(encoding="utf-8")
    parts = [part for block in text.split("\n\n") for part in (block.split("\n") if "|" in block else [block])]
    for figure, row in zip(model.proof.figures, model.rows, strict=True):
        numbers = re.findall(r"\d[\d.,]*\d|\d", figure.measured)
        told = [part for one in parts if row in (part := " ".join(one.split()))]
        assert numbers, figure
        assert any(all(number in part for number in numbers) for part in told), f"{model.id}: {figure.name}"
