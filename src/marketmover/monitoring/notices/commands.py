"""`marketmover notices`: try a route, tell alerts, see who is told what and what became of it."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from marketmover.monitoring.notices.configuration import Configuration
    from marketmover.monitoring.notices.delivering import Delivered
    from marketmover.monitoring.notices.installation import Installation

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command("test")
def test_(
    ctx: typer.Context,
    route: Annotated[str, typer.Argument(metavar="ROUTE", help="A route of notices.toml.")],
) -> None:
    """Send a test message by a route, at once."""
    from marketmover.console import print_text
    from marketmover.kit import utc_now
    from marketmover.monitoring.notices.service import send_test

    configuration = _configuration(ctx.obj)
    chosen = configuration.route(route)
    notifier = ctx.obj.notifier_of(configuration)(chosen)
    said = send_test(notifier, route, utc_now(), configuration.link)
    print_text(f"The test went to {notifier.shown}: {said}")


@app.command("send")
def send(
    ctx: typer.Context,
    alerts: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Tell what is new in this alerts.json, and what is over.")
    ] = None,
    source: Annotated[
        str,
        typer.Option(metavar="NAME", help="What the alerts are of, where several files are told. [default: its path]"),
    ] = "",
    link: Annotated[str, typer.Option(metavar="URL", help="Where readers find more.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Put new alerts into the outbox, and send all that is due. Running it again tells nothing twice."""
    from marketmover.console import print_json, print_text
    from marketmover.kit import counted, utc_now
    from marketmover.monitoring.notices.alerts_file import read_alerts
    from marketmover.monitoring.notices.delivering import deliver
    from marketmover.monitoring.notices.service import checked_link, tell_alerts

    configuration = _configuration(ctx.obj)
    found = read_alerts(alerts, source) if alerts is not None else None
    told = added = 0
    with ctx.obj.home() as stores:
        if found is not None:
            told, added = tell_alerts(stores.records, configuration, found, utc_now(), checked_link(link))
        done = deliver(stores.records, configuration, ctx.obj.notifier_of(configuration), utc_now)
    if as_json:
        print_json({"told": told, "added": added, **asdict(done)})
    else:
        if found is not None:
            print_text(f"{counted(told, 'alert')} to tell, {counted(added, 'delivery', 'deliveries')} in all.")
        _print(done)
    if done.problems:
        raise typer.Exit(1)


@app.command("list")
def list_(
    ctx: typer.Context,
    last: Annotated[int, typer.Option(metavar="N", min=0, max=10_000, help="How many deliveries to show.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Show the routes, and what became of the last notices."""
    from marketmover.console import print_json
    from marketmover.monitoring.notices.service import deliveries_shown, routes_shown
    from marketmover.monitoring.notices.show import print_deliveries, print_routes

    configuration = _configuration(ctx.obj)
    routes = routes_shown(configuration, ctx.obj.notifier_of(configuration))
    with ctx.obj.home() as stores:
        deliveries = deliveries_shown(stores.records, last)
    if as_json:
        print_json({"routes": routes, "deliveries": deliveries})
        return
    print_routes(routes)
    print_deliveries(deliveries)


@app.command("retry")
def retry(
    ctx: typer.Context,
    route: Annotated[str | None, typer.Argument(metavar="[ROUTE]", help="This route alone.")] = None,
) -> None:
    """Let what was given up wait again, and send it."""
    from marketmover.console import print_text
    from marketmover.kit import counted, utc_now
    from marketmover.monitoring.notices.delivering import deliver
    from marketmover.monitoring.notices.outbox import revive

    configuration = _configuration(ctx.obj)
    if route is not None:
        configuration.route(route)
    with ctx.obj.home() as stores:
        with stores.records.session() as session:
            revived = revive(session, stores.records.workspace, utc_now(), route)
        print_text(f"{counted(revived, 'delivery', 'deliveries')} to try again.")
        done = deliver(stores.records, configuration, ctx.obj.notifier_of(configuration), utc_now)
    _print(done)
    if done.problems:
        raise typer.Exit(1)


@app.command("secret")
def secret(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What notices.toml calls secret:NAME.")],
) -> None:
    """Seal what notices.toml names as secret:NAME: a password, URL or key, typed in or sent to standard input."""
    from marketmover.console import print_text
    from marketmover.errors import UsageError

    typed = sys.stdin.isatty()
    value = typer.prompt(f"The secret {name}", hide_input=True) if typed else sys.stdin.read().strip()
    if not value:
        raise UsageError("No secret was given.", f"Type it, or send it in: marketmover notices secret {name} < FILE")
    ctx.obj.keep_notice_secret(name, value)
    print_text(f'Kept, sealed. Write "secret:{name}" in notices.toml where it belongs.')


def _configuration(installation: "Installation") -> "Configuration":
    from marketmover.monitoring.notices.configuration import read_configuration

    return installation.notices() or read_configuration(installation.notices_file)


def _print(done: "Delivered") -> None:
    from marketmover.console import print_text, say
    from marketmover.kit import counted

    print_text(
        f"{counted(done.sent, 'message')} sent, {done.put_off} put off until another try, {done.given_up} given up."
    )
    for problem in done.problems:
        say(problem)
