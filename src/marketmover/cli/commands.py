"""Which command stands where. A command's room is imported only when the command is named, so that all start fast."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

import typer


@dataclass(frozen=True)
class Entry:
    """A command on the first level: its one-line help, and `module:attribute` of its function or Typer group."""

    help: str
    target: str

    def load(self) -> Callable[..., Any] | typer.Typer:
        """Import the room's command."""
        module, _, attribute = self.target.partition(":")
        return cast("Callable[..., Any] | typer.Typer", getattr(import_module(module), attribute))


ENTRIES: dict[str, Entry] = {
    "init": Entry("Make a home for marketmover's data.", "marketmover.app.commands:init"),
    "doctor": Entry("Say what is wrong with the installation, and how to mend it.", "marketmover.app.commands:doctor"),
    "import": Entry("Read Google Ads, Meta Ads and CRM exports.", "marketmover.history.commands:import_"),
    "pull": Entry("Pull exports of connected accounts.", "marketmover.history.pulls.commands:pull"),
    "history": Entry("Describe the history: coverage, gaps, outliers.", "marketmover.history.commands:app"),
    "brief": Entry("Read a client's brief, with the words it rests on.", "marketmover.campaigns.brief.commands:brief"),
    "compose": Entry("Compose a plan from a history and a brief.", "marketmover.campaigns.compose.commands:compose"),
    "plan": Entry("Show and compare plans; apply, undo, measure changes.", "marketmover.campaigns.commands:app"),
    "tune": Entry("Tune a running plan from its live exports.", "marketmover.campaigns.tuning.commands:tune"),
    "backtest": Entry(
        "Score advice on the past: what it would have brought.", "marketmover.campaigns.backtest.commands:backtest"
    ),
    "returns": Entry("What each campaign type returns.", "marketmover.campaigns.returns.commands:returns"),
    "models": Entry(
        "Models beside our own: compare, list, check.",
        "marketmover.campaigns.modelling.commands:app",
    ),
    "mix": Entry("What each channel brought, from totals by week alone.", "marketmover.budget.mix.commands:mix"),
    "monitor": Entry("Watch a running plan: alerts with cause and money.", "marketmover.monitoring.commands:monitor"),
    "notices": Entry(
        "Tell people of alerts: routes, tests, what became of them.", "marketmover.monitoring.notices.commands:app"
    ),
    "detect": Entry("Score how unusual each row of a series is.", "marketmover.monitoring.commands:detect"),
    "experiment": Entry("Design an A/B test, or read what it showed.", "marketmover.experiments.commands:app"),
    "sentiment": Entry(
        "How texts sound (`sentiment FILE`); taught by your labels.",
        "marketmover.language.sentiment.tuning.commands:app",
    ),
    "accounts": Entry("Connected accounts of ad platforms.", "marketmover.app.accounts.commands:app"),
    "jobs": Entry("Work on a schedule, and work that was asked for.", "marketmover.jobs.commands:app"),
    "serve": Entry("Run the jobs when they are due, until stopped.", "marketmover.app.serving.commands:serve"),
    "backup": Entry("Write the whole home into one file.", "marketmover.app.operating.commands:backup"),
    "restore": Entry("Put a backup into the home.", "marketmover.app.operating.commands:restore"),
    "upgrade": Entry("Bring the home's stores up to this version.", "marketmover.app.operating.commands:upgrade"),
    "keys": Entry("Keys for programs: create, list, revoke.", "marketmover.access.api_keys.commands:app"),
    "people": Entry("Who may sign in: list, invite, remove, link.", "marketmover.access.people.commands:app"),
    "workspaces": Entry("Clients who never see each other.", "marketmover.access.workspaces.commands:app"),
    "audit": Entry("Who did what: a log that nobody can change.", "marketmover.access.commands:audit"),
    "sandbox": Entry("Simulated markets with a known truth.", "marketmover.sandbox.commands:app"),
}


def build(loaded: set[str]) -> typer.Typer:
    """The whole command line, with the commands in `loaded` ready to run and the others listed by name and help."""
    app = typer.Typer(
        name="marketmover",
        help="The open-source marketing brain: exports and a brief in, a plan out.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # drawing help with rich costs more than all the rest of a start
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for name, entry in ENTRIES.items():
        _mount(app, name, entry, entry.load() if name in loaded else _listed)
    return app


def _mount(app: typer.Typer, name: str, entry: Entry, command: Callable[..., Any] | typer.Typer) -> None:
    if isinstance(command, typer.Typer):
        app.add_typer(command, name=name, help=entry.help)
    else:
        app.command(name, help=None if name in ENTRIES and command is not _listed else entry.help)(command)


def _listed() -> None:
    """Stands for a command that this run does not name; it is listed, never run."""
    raise AssertionError("a command that was not loaded cannot run")


def _show_version(wanted: bool) -> None:
    if wanted:
        from marketmover import __version__

        typer.echo(f"marketmover {__version__}")
        raise typer.Exit


def _root(
    version: bool = typer.Option(False, "--version", help="Print the version.", is_eager=True, callback=_show_version),
) -> None:
    del version  # its callback has done the work
