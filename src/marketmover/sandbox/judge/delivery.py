"""A run of the judge of advice from the command line: scores summed up, files written, results shown."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from marketmover.charts import save_page
from marketmover.console import Progress, print_json, say
from marketmover.errors import InputError, UsageError
from marketmover.sandbox.judge.cache import Cache
from marketmover.sandbox.judge.cases import Case
from marketmover.sandbox.judge.page import render_page
from marketmover.sandbox.judge.report import Report, report_on
from marketmover.sandbox.judge.running import judge
from marketmover.sandbox.judge.views import print_report

if TYPE_CHECKING:
    from marketmover.sandbox.judge.scores import Score

OBJECTIVES = ("leads", "qualified_leads", "conversions", "revenue", "clicks", "impressions")
"""What advice can be asked for."""


def check_places(html: Path | None, out: Path | None) -> None:
    """See that what will be found can be written, before a long run begins.

    Raises:
        InputError: It cannot.
    """
    if html is not None and (html.is_dir() or not html.absolute().parent.is_dir()):
        raise InputError(f"{html} cannot be written.", "Name a file in a folder that is there.")
    if out is not None:
        _make_folder(out)


def judged(cases: Sequence[Case], objective: str | None, cache: Path | None, jobs: int, report: Progress) -> Report:
    """Judge on each case.

    Raises:
        UsageError: The objective is not one that can be asked for, or none of the markets counts it.
    """
    if objective is not None and objective not in OBJECTIVES:
        raise UsageError(f"--objective {objective} is not known.", f"Choose one of {', '.join(OBJECTIVES)}.")
    wanted = (objective,) if objective else ()
    scores: list[Score] = []
    report(0.0, cases[0].name)
    for done, market in enumerate(judge(cases, objectives=wanted, cache=Cache(cache), jobs=jobs), start=1):
        scores += market
        report(done / len(cases), cases[min(done, len(cases) - 1)].name)
    if not scores:
        raise UsageError(f"None of these markets has {objective}.", "Choose other seeds, or another --objective.")
    return report_on(scores)


def deliver(report: Report, *, html: Path | None, out: Path | None, as_json: bool) -> None:
    """Write what was asked for, and show the rest.

    Raises:
        InputError: A file cannot be written.
    """
    if out is not None:
        _write_folder(report, out)
    if html is not None:
        save_page(render_page(report), html)
        say(f"The page is {html}")
    if as_json:
        print_json(report.to_json())
    else:
        print_report(report)


def _write_folder(report: Report, out: Path) -> None:
    _make_folder(out)
    text = json.dumps(report.to_json(), indent=2, ensure_ascii=False) + "\n"
    try:
        (out / "judge.json").write_text(text, encoding="utf-8")
    except OSError as error:
        raise _unwritable(out, error) from error
    save_page(render_page(report), out / "judge.html")
    say(f"Judge's report: {out / 'judge.html'} and {out / 'judge.json'}")


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(out, error) from error


def _unwritable(out: Path, error: OSError) -> InputError:
    return InputError(f"{out} cannot be written to: {error.strerror}.", "Name another folder.")
