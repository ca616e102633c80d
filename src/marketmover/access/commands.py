"""`marketmover audit`: who did what."""

from typing import TYPE_CHECKING, Annotated

import typer

from marketmover import console

if TYPE_CHECKING:
    from marketmover.access.audit import Entry
    from marketmover.store import StoreOpener


def audit(
    ctx: typer.Context,
    about: Annotated[str | None, typer.Option(help="One thing alone: `account google_ads`.")] = None,
    last: Annotated[int, typer.Option(min=1, help="How many entries.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, with before and after.")] = False,
) -> None:
    """Show the log of who did what, newest first. Nobody can change it; secrets are hidden in it."""
    from marketmover.access.audit import entries

    opener: StoreOpener = ctx.obj
    with opener.home() as stores, stores.records.session(read_only=True) as session:
        found = entries(session, opener.workspace, about=about, last=last)
    if as_json:
        for entry in found:
            console.print_json(_shown(entry), indent=None)
    elif not found:
        console.say("Nothing is in the log yet.")
    else:
        table = console.Table("", ["when (UTC)", "who", "what", "about"])
        table.rows += [[f"{entry.at:%Y-%m-%d %H:%M:%S}", entry.who, entry.what, entry.about] for entry in found]
        console.print_table(table)


def _shown(entry: "Entry") -> dict[str, object]:
    return {
        "at": entry.at.isoformat(),
        "who": entry.who,
        "what": entry.what,
        "about": entry.about,
        "before": entry.before,
        "after": entry.after,
    }
