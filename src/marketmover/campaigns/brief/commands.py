"""The command `brief`: what a client wrote, understood, asked about, and completed by answers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from marketmover.campaigns.dialogue import Accounts, Conversation


def brief(
    ctx: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="Text, chat, .eml, .mbox, .html, .docx, .csv or .json; - is stdin."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, on a terminal too.")] = False,
    as_lines: Annotated[bool, typer.Option("--jsonl", help="Print one brief a line, in the files' order.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show the text with what was understood marked.")] = False,
    ask: Annotated[bool, typer.Option("--ask", help="Print the questions that would change the plan most.")] = False,
    answers: Annotated[
        list[str] | None,
        typer.Option(metavar="ANSWERS", help="A reply, or JSON by field; may be given again for later rounds."),
    ] = None,
    history: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Exports; what they answer is not asked (with --ask).")
    ] = None,
    no_model: Annotated[
        bool, typer.Option("--no-model", help="Read by rules alone, whatever the settings name.")
    ] = False,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the marked brief as a page.")] = None,
) -> None:
    """Read a client's brief, and show the words it rests on."""
    from marketmover.campaigns.brief.loading import load_text
    from marketmover.campaigns.brief.readers import reader_of
    from marketmover.campaigns.brief.view import show
    from marketmover.campaigns.dialogue import converse
    from marketmover.errors import UsageError
    from marketmover.kit import utc_now

    if sum((as_json, as_lines, explain)) > 1 or sum((as_lines, explain, ask)) > 1:
        raise UsageError("--json, --jsonl, --explain and --ask exclude each other; --ask --json may stand together.")
    if len(files) > 1 and (ask or answers or html):
        raise UsageError("--ask, --answers and --html are for one brief.", "Name one file.")
    accounts = _accounts(ctx, history) if history else None
    rounds = [(name, load_text(name, forms=False)) for name in answers or ()]
    reader, today = reader_of(ctx.obj, no_model=no_model), utc_now().date()

    def read_one(name: str) -> "Conversation":
        return converse(load_text(name), name, rounds, today=today, accounts=accounts, read=reader)

    read, unread = _each(files, read_one, today) if as_lines and len(files) > 1 else (list(map(read_one, files)), [])
    if html is not None:
        _write_page(read[0], html)
    if ask or explain:
        from marketmover.campaigns.dialogue.show import show_marked, show_questions

        for name, one in zip(files, read, strict=True):
            if ask:
                show_questions(one, as_json=as_json)
            else:
                show_marked(one, name if len(files) > 1 else "")
    else:
        show([one.brief for one in read], files, as_json=as_json, as_lines=as_lines)
    _tell(unread, len(files))


def _each(
    files: list[str], read_one: "Callable[[str], Conversation]", today: "date"
) -> "tuple[list[Conversation], list[str]]":
    """Each file's brief, and which cannot be read: those keep their places with an empty brief that says why."""
    from marketmover.campaigns.dialogue import Conversation
    from marketmover.errors import InputError
    from marketmover.plans import Brief

    read: list[Conversation] = []
    unread: list[str] = []
    for name in files:
        try:
            read.append(read_one(name))
        except InputError as error:
            unread.append(name)
            empty = Brief(warnings=[f"not read: {error}".removesuffix(".")])
            read.append(Conversation("", empty, [], today, None))
    return read, unread


def _tell(unread: list[str], files: int) -> None:
    from marketmover.errors import InputError

    if unread:
        raise InputError(
            f"{len(unread)} of {files} files cannot be read: {', '.join(unread[:5])}.",
            "Their lines hold an empty brief, and the reason in its warnings.",
        )


def _accounts(ctx: typer.Context, history: Path) -> "Accounts | None":
    """What past campaigns say of the accounts."""
    from marketmover.campaigns.dialogue import accounts_of
    from marketmover.console import progress
    from marketmover.history import load_panel, opened_history

    with progress("brief") as report, opened_history(ctx.obj, history, as_of=None, progress=report) as lake:
        return accounts_of(load_panel(lake))


def _write_page(read: "Conversation", path: Path) -> None:
    from marketmover.campaigns.dialogue import render_page
    from marketmover.charts import save_page
    from marketmover.console import say

    save_page(render_page(read.brief, read.sources, read.questions), path)
    say(f"The page is {path}")
