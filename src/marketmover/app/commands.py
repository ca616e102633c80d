"""`init` and `doctor`: making a home, and saying what is wrong with it."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from marketmover import console

if TYPE_CHECKING:
    from marketmover.store import Finding, StoreOpener


def init(ctx: typer.Context) -> None:
    """Make a home for marketmover's data, with its four stores. What is there already is kept."""
    opener: StoreOpener = ctx.obj
    with opener.home() as stores:
        for name in ("lake", "records", "stream", "files"):
            getattr(stores, name)
    console.print_text(f"The home is ready: {opener.settings.home}")
    console.say("")
    console.say("Next:")
    console.say("  marketmover import DIR           read Google Ads, Meta Ads and CRM exports")
    console.say("  marketmover accounts add -h      or connect an account, to pull them from there")
    console.say("  marketmover sandbox create DIR   or make a simulated history to try it with")
    console.say("  marketmover doctor               if anything seems wrong")


def doctor(
    ctx: typer.Context,
    as_json: bool = typer.Option(False, "--json", help="Print JSON, for programs."),
) -> None:
    """Say what is wrong with the home, its stores and its extras, and how to mend it. Exit code 1 if one is broken."""
    from marketmover.app.health import examine

    findings = examine(ctx.obj)
    broken = [finding for finding in findings if finding.state == "broken"]
    if as_json:
        console.print_json({"ok": not broken, "findings": [asdict(finding) for finding in findings]})
    else:
        console.print_table(
            console.Table(
                "", ["", "what", "found"], [[finding.state, finding.name, finding.detail] for finding in findings]
            )
        )
        _print_remedies(findings)
    if broken:
        raise typer.Exit(1)


def _print_remedies(findings: "list[Finding]") -> None:
    wanting = [finding for finding in findings if finding.remedy]
    console.print_text("All is well." if not wanting else "To mend it:")
    for finding in wanting:
        console.print_text(f"  {finding.name}: {finding.remedy}")
