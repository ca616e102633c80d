"""What `compose` is given by file and by store: limits, and the materials of a plan."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from marketmover.campaigns.compose.money import says_only_dollars
from marketmover.campaigns.compose.service import Materials
from marketmover.campaigns.parameters import Details
from marketmover.errors import InputError, NotFoundError
from marketmover.history import (
    AdText,
    GoogleResource,
    MetaResource,
    Panel,
    day_named_today,
    history_note,
    load_creatives,
    load_lift_tests,
    load_panel,
    load_parts,
    load_resources,
    load_setting_changes,
)
from marketmover.kit import did_you_mean
from marketmover.language.embeddings import Embedder, default_embedder
from marketmover.plans import Brief, CostLimit, Limits, LineLimit, PlatformLimit, ReturnLimit
from marketmover.store import Lake

_FORMS = (Limits, LineLimit, PlatformLimit, CostLimit, ReturnLimit)
_KEYS = sorted({name for form in _FORMS for name in form.model_fields})


def load_limits(path: Path) -> Limits:
    """Limits from a JSON file (contract: plan).

    Raises:
        NotFoundError: There is no such file.
        InputError: It is not JSON, or a limit is not one that is known; the message names the place.
    """
    try:
        return Limits.model_validate(json.loads(path.read_text(encoding="utf-8-sig")))
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {path}.", "Name a file with --limits.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", "Name a readable file with --limits.") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not JSON: {error}.", "Limits are JSON: see docs/plans.md.") from error
    except ValidationError as error:
        # Of a value that may have several forms, the error furthest inside tells the most.
        deepest = max(error.errors(), key=lambda one: len(one["loc"]))
        place = ".".join(str(part) for part in deepest["loc"] if "[" not in str(part))
        fault, remedy = deepest["msg"], "docs/plans.md lists the limits."
        if deepest["type"] == "extra_forbidden":
            fault, remedy = "there is no such limit", f"{did_you_mean(str(deepest['loc'][-1]), _KEYS)} {remedy}"
        raise InputError(f"{path}: {place}: {fault}.", remedy) from error


def load_materials(
    lake: Lake, brief: Brief, calendar_day: date, lift_tests: Path | None = None, embedder: Embedder | None = None
) -> Materials:
    """The history as a plan needs it, in the brief's currency where it names one.

    Args:
        lake: Holds the history; it may hold none.
        brief: Its currency picks the accounts.
        calendar_day: The day on which somebody plans; stands for the last day known where there is no history. A
            history that was imported as of another day is planned from on that day.
        lift_tests: File of experiments, if there is one.
        embedder: Tells which words are near in meaning; by default the one that needs no download.

    Raises:
        NotFoundError, InputError: The file cannot be used; the message names the row.
    """
    panel = _panel(lake, brief)
    tests = load_lift_tests(lift_tests, panel) if lift_tests else ()
    today = panel.dates[-1].astype(object) if panel.dates.size else calendar_day
    note = history_note(lake, panel=panel)
    ads = load_creatives(lake)
    return Materials(
        panel=panel,
        note=note,
        today=today,
        calendar_day=day_named_today(lake) or calendar_day,
        ads=ads,
        lift_tests=tests,
        details=load_details(lake, panel, ads),
        embedder=embedder or default_embedder(),
    )


def load_details(lake: Lake, panel: Panel, ads: Sequence[AdText]) -> Details:
    """Ads, breakdowns and changes of a panel's lines."""
    parts = load_parts(lake, panel, kinds=("ad", "breakdown"))
    return Details(ads, parts, load_setting_changes(lake, panel))


def _panel(lake: Lake, brief: Brief) -> Panel:
    """The accounts in the brief's currency; a bare dollar sign may mean the dollars that the accounts are kept in."""
    try:
        return load_panel(lake, currency=brief.budget.currency if brief.budget else None)
    except InputError:
        panel = load_panel(lake)
        if says_only_dollars(brief, panel.currency):
            return panel
        raise


def load_accounts(lake: Lake) -> tuple[Mapping[str, GoogleResource], Mapping[str, MetaResource]]:
    """What the platforms call each line: of Google, and of Meta."""
    resources = load_resources(lake)
    google = {line: found for line, found in resources.items() if isinstance(found, GoogleResource)}
    meta = {line: found for line, found in resources.items() if isinstance(found, MetaResource)}
    return google, meta
