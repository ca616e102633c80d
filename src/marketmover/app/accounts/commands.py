"""`marketmover accounts`: connect accounts of ad platforms, list them, let them go."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from marketmover import console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketmover.access import Account
    from marketmover.app.opening import App

app = typer.Typer(no_args_is_help=True, help="Connected accounts of ad platforms.")
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who does it, for the log; by default you.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@app.callback()
def accounts() -> None:
    """Connected accounts of ad platforms: credentials are asked for once and kept sealed."""


@app.command()
def add(
    ctx: typer.Context,
    platform: Annotated[str, typer.Argument(help="`google_ads`, `meta_ads`, or another connector's name.")],
    sandbox: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Connect the simulated account of a sandbox that is served.")
    ] = None,
    credentials: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="What opens the account (docs/accounts.md).")
    ] = None,
    name: Annotated[str | None, typer.Option(help="What to call it; by default the platform's name.")] = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Connect an account, or renew the credentials of one. The platform is asked before anything is kept."""
    from marketmover.access import audit
    from marketmover.app.accounts.service import connect

    opener: App = ctx.obj
    done = connect(opener, platform, sandbox=sandbox, file=credentials, name=name, who=by or audit.this_person())
    if as_json:
        console.print_json(_shown(done.account) | {"new": done.new, "today": done.found.today.isoformat()})
        return
    what = "Connected" if done.new else "Renewed"
    kind = "simulated account" if done.found.simulated else "account"
    console.print_text(f"{what}: {done.account.name}, {kind} {done.found.name!r} ({done.account.account_id})")
    console.print_text(f"  {done.found.currency}, {done.found.time_zone}, where it is {done.found.today} today")
    if done.found.access_ends:
        from marketmover.app.accounts.access_life import life_words

        console.print_text(f"  its credentials {life_words(done.found.access_ends, done.found.today)}")
    if credentials is not None:
        console.say(f"The credentials are kept sealed; {credentials} is not needed any more, and may be deleted.")
    console.say(f"Next: marketmover pull {done.account.name}")


@app.command("list")
def list_(ctx: typer.Context, as_json: AsJson = False) -> None:
    """List the connected accounts."""
    opener: App = ctx.obj
    there = opener.accounts()
    if as_json:
        console.print_json([_shown(account) for account in there])
        return
    if not there:
        console.say("No account is connected. Connect one: marketmover accounts add PLATFORM")
        return
    columns = ["name", "platform", "account", "title", "currency", "time zone", "added", "access ends", ""]
    console.print_table(console.Table("", columns, [_row(account) for account in there]))
    _warn_of_ends(there)


@app.command()
def remove(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="The account's name, as `accounts list` shows it.")],
    by: By = None,
) -> None:
    """Forget an account and its credentials. What was pulled from it stays."""
    from marketmover.access import audit
    from marketmover.app.accounts.service import disconnect

    account = disconnect(ctx.obj, name, who=by or audit.this_person())
    console.print_text(f"Removed: {account.name} ({account.account_id}). What was pulled from it is kept.")


@app.command("rotate-key")
def rotate_key(ctx: typer.Context, by: By = None) -> None:
    """Seal all secrets with a new key. With the key in a setting, put the new one before it first: NEW,OLD."""
    from marketmover.access import audit
    from marketmover.app.accounts.service import change_key
    from marketmover.kit import counted

    opener: App = ctx.obj
    count = change_key(opener, who=by or audit.this_person())
    console.print_text(f"{counted(count, 'secret')} sealed with a new key, in {opener.keys.place}.")
    if opener.keys.from_setting:
        console.say("The former key may now be taken out of MARKETMOVER_SECRET_KEY.")


def _shown(account: "Account") -> dict[str, object]:
    settings = {name: value for name, value in account.settings.items() if value}
    return {
        "name": account.name,
        "platform": account.platform,
        "account_id": account.account_id,
        "settings": settings,
        "added_at": account.added_at.isoformat(),
    }


def _row(account: "Account") -> list[str]:
    told = [account.settings.get(name, "") for name in ("title", "currency", "time_zone")]
    kind = "simulated" if account.settings.get("simulated") else ""
    ends = account.access_ends.isoformat() if account.access_ends else ""
    return [account.name, account.platform, account.account_id, *told, f"{account.added_at:%Y-%m-%d}", ends, kind]


def _warn_of_ends(there: "Sequence[Account]") -> None:
    """Days are counted for real accounts: a simulated one has a day of its own."""
    from marketmover.app.accounts.access_life import SOON_DAYS, life_words
    from marketmover.kit import utc_now

    today = utc_now().date()
    for account in there:
        ends = account.access_ends
        if ends and not account.settings.get("simulated") and (ends - today).days <= SOON_DAYS:
            console.warn(f"The credentials of {account.name} {life_words(ends, today)}. Renew them: accounts add.")
