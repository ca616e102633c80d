"""What is kept between runs of the judge."""

import pickle
import subprocess
from pathlib import Path

import numpy as np
import pytest

from marketmover.errors import InputError
from marketmover.sandbox import create_market
from marketmover.sandbox.judge import Cache, Case
from marketmover.sandbox.judge.markets import prepare


class Harm:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return subprocess.getoutput, ("true",)


def test_a_market_that_was_kept_is_the_market_that_was_made(tmp_path: Path) -> None:
    case = Case(4, "good", "log", lines=3, days=60)
    made, kept = prepare(case, Cache(tmp_path)), prepare(case, Cache(tmp_path))
    assert kept.best == made.best
    assert kept.market.lines == made.market.lines
    assert np.array_equal(kept.panel.cost, made.panel.cost)
    assert kept.market.evaluate(kept.market.status_quo(), kept.start, kept.end).expected.keys()
    assert len(list(tmp_path.iterdir())) == 3


def test_what_is_kept_is_not_made_again_until_its_code_changes(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert cache.kept("a", ("kit",), lambda: 1) == 1
    assert cache.kept("a", ("kit",), lambda: 2) == 1
    assert cache.kept("a", ("kit", "errors.py"), lambda: 3) == 3
    assert len(list(tmp_path.iterdir())) == 1
    assert Cache(tmp_path, stale=True).kept("a", ("kit",), lambda: 4) == 3
    assert Cache(None).kept("a", ("kit",), lambda: 5) == 5


def test_a_file_that_somebody_else_put_there_is_refused(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.kept("a", ("kit",), lambda: create_market(lines=1, days=10, seed=1, manager="good"))
    next(tmp_path.iterdir()).write_bytes(pickle.dumps(Harm()))
    with pytest.raises(InputError, match="nothing that the judge keeps"):
        cache.kept("a", ("kit",), lambda: 2)


@pytest.mark.parametrize("content", [b"", b"not a pickle", b"\x80\x05cno.such\nthing\n."])
def test_a_damaged_file_is_named_with_the_remedy(tmp_path: Path, content: bytes) -> None:
    cache = Cache(tmp_path)
    cache.kept("a", ("kit",), lambda: 1)
    kept = next(tmp_path.iterdir())
    kept.write_bytes(content)
    with pytest.raises(InputError, match="Delete it") as told:
        cache.kept("a", ("kit",), lambda: 2)
    assert kept.name in str(told.value)


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be made"):
        Cache(tmp_path / "file")
