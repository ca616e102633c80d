"""The command `sentiment`: how replies, reviews and posts sound."""

from pathlib import Path
from typing import Annotated

import typer


def sentiment(
    ctx: typer.Context,
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="One text a line, CSV or JSON lines; - is standard input.")
    ] = None,
    text: Annotated[list[str] | None, typer.Option(metavar="TEXT", help="A text itself; may be repeated.")] = None,
    column: Annotated[str | None, typer.Option(metavar="NAME", help="The column that holds the texts.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write rows with their answers: .csv or .jsonl.")
    ] = None,
) -> None:
    """Say how texts sound: label, score from -1 to 1, and how sure that is."""
    from marketmover.console import say
    from marketmover.language.sentiment.asking import ask
    from marketmover.language.sentiment.choosing import engine_of
    from marketmover.language.sentiment.files import write_answers
    from marketmover.language.sentiment.show import show_answers, show_summary
    from marketmover.language.sentiment.summary import summarise

    found, answers = ask(file, text or [], column, out, lambda: engine_of(ctx.obj))
    if out is not None:
        write_answers(out, found, answers)
        say(f"The answers are {out}")
    if out is not None and not as_json:
        show_summary(summarise(found.texts, answers))
    else:
        show_answers(found.texts, answers, as_json=as_json)
