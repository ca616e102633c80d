"""`marketmover audit`: who did what."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from marketmover import console

if TYPE_CHECKING:
    from marketmover.store import StoreOpener


def audit(
    ctx: typer.Context,
    about: Annotated[str | None, typer.Option(help="One thing alone: `account google_ads`.")] = None,
    last: Annotated[int, typer.Option(min=1, help="How many entries.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, with before and after.")] = False,
    export: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write the whole log to a file, oldest first: JSON lines, or CSV by its name."
        ),
    ] = None,
) -> None:
    """Show the log of who did what, newest first. Nobody can change it; secrets are hidden in it."""
    from marketmover.access.audit import entries

    opener: StoreOpener = ctx.obj
    if export is not None:
        _export(opener, export, about)
        return
    with opener.home() as stores, stores.records.session(read_only=True) as session:
        found = entries(session, opener.workspace, about=about, last=last)
    if as_json:
        for entry in found:
            console.print_json(entry.shown(), indent=None)
    elif not found:
        console.say("Nothing is in the log yet.")
    else:
        table = console.Table("", ["when (UTC)", "who", "what", "about"])
        table.rows += [[f"{entry.at:%Y-%m-%d %H:%M:%S}", entry.who, entry.what, entry.about] for entry in found]
        console.print_table(table)


def _export(opener: "StoreOpener", path: Path, about: str | None) -> None:
    from marketmover.access.audit import every_entry
    from marketmover.access.audit_file import write_entries
    from marketmover.kit import counted

    with opener.home() as stores, stores.records.session(read_only=True) as session:
        count = write_entries(every_entry(session, opener.workspace, about=about), path)
    console.print_text(f"{counted(count, 'entry', 'entries')} of workspace {opener.workspace} written to {path}")
