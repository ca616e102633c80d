"""`marketmover detect`: a score of how unusual each row of a series is."""

from pathlib import Path
from typing import Annotated

import typer


def detect(
    files: Annotated[list[Path], typer.Argument(metavar="SERIES.csv...", help="One series each: timestamp,value.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the scores; a folder for several series.")],
) -> None:
    """Score each row of a series: 0 is as expected, near 1 is a break. Rows are judged by those before them alone."""
    from marketmover.console import say
    from marketmover.monitoring.service import detect_files

    for path in detect_files(files, out):
        say(f"scores: {path}")
