"""`marketmover sentiment train, compare, refresh, versions, rollback`: an engine taught by the user's labels."""

from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from typer.core import TyperGroup

from marketmover.console import print_json, print_text, progress, say
from marketmover.language.sentiment.commands import sentiment

if TYPE_CHECKING:
    from collections.abc import Generator

    from marketmover.language.sentiment.tuning.service import House
    from marketmover.store import StoreOpener


class _ReadsByDefault(TyperGroup):
    """`marketmover sentiment FILE` is `marketmover sentiment read FILE`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take what names no command for what `read` is given."""
        named = args and args[0] in {*self.commands, *ctx.help_option_names}
        return super().parse_args(ctx, args if named else ["read", *args])


app = typer.Typer(
    cls=_ReadsByDefault,
    help="How texts sound: `marketmover sentiment FILE` reads them; the rest teaches an engine by your own labels.",
    rich_markup_mode=None,
)
app.command("read")(sentiment)

_Labels = Annotated[list[Path], typer.Argument(metavar="LABELS.csv...", help="CSV with the columns text and label.")]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_Seed = Annotated[int, typer.Option(help="The same seed and labels give the same engine.")]
_Epochs = Annotated[int, typer.Option(min=1, max=100, help="Times through the texts at most, for a transformer.")]
_Rate = Annotated[float, typer.Option(min=1e-7, max=0.1, help="Learning rate, for a transformer.")]


@app.command()
def train(
    ctx: typer.Context,
    labels: _Labels,
    model: Annotated[
        str,
        typer.Option(
            metavar="BASE",
            help="`light` corrects the present setting's engine; else a transformer to fine-tune: a folder or "
            "NAME@REVISION (extra `transformers`).",
        ),
    ] = "light",
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for a copy of the engine.")] = None,
    seed: _Seed = 0,
    epochs: _Epochs = 6,
    learning_rate: _Rate = 5e-5,
    as_json: _Json = False,
) -> None:
    """Train on your labels; the new engine is promoted only where it is better on texts that it never saw."""
    from marketmover.language.sentiment.tuning.fine_tuning import Schedule
    from marketmover.language.sentiment.tuning.service import train as train_engine
    from marketmover.language.sentiment.tuning.show import outcome_json, show_outcome

    schedule = Schedule(epochs=epochs, learning_rate=learning_rate, seed=seed)
    with _house(ctx) as house, progress("training") as report:
        outcome = train_engine(house, labels, base=model, schedule=schedule, out=out, progress=report)
    if as_json:
        print_json(outcome_json(outcome))
    else:
        show_outcome(outcome)
    if out:
        say(f"Written to {out}; to use it elsewhere: MARKETMOVER_SENTIMENT_MODEL={out}")


@app.command()
def compare(
    ctx: typer.Context,
    labels: _Labels,
    engine: Annotated[
        list[str] | None,
        typer.Option(
            help="`present`, `default`, `version:NUMBER`, a folder or NAME@REVISION; give it once for each engine. "
            "Without it: default and present."
        ),
    ] = None,
    as_json: _Json = False,
) -> None:
    """Compare engines on your labels: macro F1, accuracy, calibration, texts a second, and which to use."""
    from marketmover.language.sentiment.tuning.comparing import compare as compare_engines
    from marketmover.language.sentiment.tuning.show import show_compared

    with _house(ctx) as house:
        compared = compare_engines(house, labels, engine or ())
    if as_json:
        print_json(asdict(compared))
    else:
        show_compared(compared)


@app.command()
def refresh(
    ctx: typer.Context,
    seed: _Seed = 0,
    epochs: _Epochs = 6,
    learning_rate: _Rate = 5e-5,
    as_json: _Json = False,
) -> None:
    """Train anew where a week has passed and labels have changed; safe to run as often as you like."""
    from marketmover.language.sentiment.tuning.fine_tuning import Schedule
    from marketmover.language.sentiment.tuning.service import refresh as refresh_engine
    from marketmover.language.sentiment.tuning.show import outcome_json, show_outcome

    schedule = Schedule(epochs=epochs, learning_rate=learning_rate, seed=seed)
    named = cast("StoreOpener", ctx.obj).settings.sentiment_labels
    paths = [Path(part.strip()).expanduser() for part in named.split(",") if part.strip()]
    with _house(ctx) as house, progress("training") as report:
        done = refresh_engine(house, paths, schedule=schedule, progress=report)
    if as_json:
        print_json({"reason": done.reason, "outcome": outcome_json(done.outcome) if done.outcome else None})
        return
    print_text(done.reason)
    if done.outcome:
        show_outcome(done.outcome)


@app.command()
def versions(ctx: typer.Context, as_json: _Json = False) -> None:
    """List the trained versions, newest first, and which is in force."""
    from marketmover.language.sentiment.tuning.show import show_versions
    from marketmover.language.sentiment.tuning.versions import read_state

    opener = cast("StoreOpener", ctx.obj)
    with opener.home() as stores:
        state = read_state(stores.files)
    if as_json:
        present = state.present(opener.settings.sentiment_model)
        print_json(
            {"in_force": present.number if present else 0, **state.model_dump(mode="json", include={"versions"})}
        )
    else:
        show_versions(state, opener.settings.sentiment_model)


@app.command()
def rollback(
    ctx: typer.Context,
    to: Annotated[
        int | None,
        typer.Option(min=0, metavar="NUMBER", help="Version to put in force; 0 is the engine that the setting names."),
    ] = None,
) -> None:
    """Go back to the engine that was in force before, or to a version by its number."""
    from marketmover.language.sentiment.tuning.service import rollback as roll_back

    with _house(ctx) as house:
        version = roll_back(house, to)
    named = house.setting or "the default engine"
    print_text(f"In force now: version {version.number}." if version else f"In force now: {named}.")


@contextmanager
def _house(ctx: typer.Context) -> "Generator[House]":
    from marketmover.kit import utc_now
    from marketmover.language.sentiment.tuning.service import House
    from marketmover.learning import Tracker

    opener = cast("StoreOpener", ctx.obj)
    settings = opener.settings
    with opener.home() as stores:
        tracker = Tracker(stores.tracking_url, stores.files, stores.workspace)
        yield House(stores.files, tracker, settings.sentiment_model, settings.model_threads, utc_now())
