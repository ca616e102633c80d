"""The rules of the house, kept by a machine: sizes, docstrings, public names, imports, the lock file, tracked files."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "marketmover"
PUBLIC_NAMES = Path(__file__).with_name("public_names.txt")

MOST_FILE_LINES = 400
MOST_FUNCTION_LINES = 60
MOST_PUBLIC_NAMES = 18
MANY_NAMES_BY_NATURE = {
    "access": 20,
    "plans": 61,
    "charts": 30,
    "history": 33,
    "budget": 31,
    "jobs": 30,
}  # forms, shapes, exports, answers, two ways
HEAVY = {
    "alembic",
    "cryptography",
    "duckdb",
    "facebook_business",
    "google",
    "grpc",
    "ibis",
    "lightgbm",
    "mlflow",
    "optuna",
    "pandas",
    "polars",
    "pyarrow",
    "requests",
    "scipy",
    "sklearn",
    "sqlalchemy",
    "onnxruntime",
    "tokenizers",
    "torch",
    "transformers",
}
NOT_LOCKED = {"embeddings", "transformers"}  # torch outweighs all the rest: scripts/test_extras.sh brings them
NO_ADDRESS = re.compile(r"://|\bgit\+|^\s*-{1,2}(?!hash=)[a-z]|\s@\s", re.MULTILINE)
MACHINE_PATH = re.compile(r"(?<![\w.*$}~/-])/(?:root|work|home/[a-z]\w*|Users/[A-Za-z]\w*)/")
TEXT_FILES = {
    ".cfg",
    ".css",
    ".html",
    ".ini",
    ".js",
    ".json",
    ".lock",
    ".md",
    ".py",
    ".sh",
    ".svg",
    ".toml",
    ".txt",
    ".yml",
}


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def rooms() -> list[str]:
    """Every room, and the inner rooms of campaigns and language, as import names without `marketmover.`."""
    outer = [path.parent for path in sorted(SOURCE.glob("*/__init__.py"))]
    inner = [
        path.parent for room in ("campaigns", "language") for path in sorted((SOURCE / room).glob("*/__init__.py"))
    ]
    return [".".join(path.relative_to(SOURCE).parts) for path in (*outer, *inner)]


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the `def` to the end, without the docstring."""
    documented = ast.get_docstring(function, clean=False) is not None
    first = function.body[0]
    docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


def imported(path: Path) -> set[str]:
    """Top-level names of the packages that a module imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def public_names(room: str) -> list[str]:
    return sorted(getattr(importlib.import_module(f"marketmover.{room}"), "__all__", ()))


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout, so no file is tracked")
    names = [name for name in listed.stdout.split("\0") if name]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def test_no_file_outgrows_its_cap() -> None:
    long = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {name: lines for name, lines in long.items() if lines > MOST_FILE_LINES} == {}


def test_no_function_outgrows_its_cap() -> None:
    long = {
        f"{place(path)}:{function.lineno} {function.name}": lines
        for path in modules()
        for function in functions(path)
        if (lines := code_lines(function)) > MOST_FUNCTION_LINES
    }
    assert long == {}


def test_every_module_says_what_it_holds() -> None:
    silent = [place(path) for path in modules() if path.stat().st_size and ast.get_docstring(tree(path)) is None]
    assert silent == []


def test_every_public_name_is_documented() -> None:
    silent: list[str] = []
    for room in rooms():
        module = importlib.import_module(f"marketmover.{room}")
        for name in public_names(room):
            thing: Any = getattr(module, name)
            described = isinstance(thing, type) or callable(thing)
            if described and getattr(thing, "__module__", "").startswith("marketmover") and not thing.__doc__:
                silent.append(f"{room}.{name}")
    assert silent == []


def test_public_names_are_few() -> None:
    many = {room: len(public_names(room)) for room in rooms()}
    assert {
        room: count for room, count in many.items() if count > MANY_NAMES_BY_NATURE.get(room, MOST_PUBLIC_NAMES)
    } == {}


def test_public_names_are_those_that_were_agreed_on() -> None:
    """A name that is added or taken away is a change that other rooms see: say it in `public_names.txt` as well."""
    agreed = PUBLIC_NAMES.read_text(encoding="utf-8").splitlines()
    assert [f"{room}: {', '.join(public_names(room))}".rstrip() for room in rooms()] == agreed


@pytest.mark.parametrize(("framework", "allowed"), [("typer", {"commands.py"}), ("fastapi", {"routes.py"})])
def test_frameworks_stay_at_the_edge(framework: str, allowed: set[str]) -> None:
    edges = {"cli", "app", "web"}
    inside = [
        place(path)
        for path in modules()
        if framework in imported(path) and path.name not in allowed and path.relative_to(SOURCE).parts[0] not in edges
    ]
    assert inside == []


def test_importing_a_room_is_cheap() -> None:
    """Commands import rooms, so what is heavy is imported where it is used; the first culprit is named."""
    script = (
        "import importlib, sys\n"
        "for room in sys.argv[2:]:\n"
        "    importlib.import_module(f'marketmover.{room}')\n"
        "    heavy = sorted(set(sys.argv[1].split(',')) & set(sys.modules))\n"
        "    if heavy: sys.exit(f'marketmover.{room} imports {heavy} when it is imported')\n"
    )
    names = [room for room in rooms() if room != "cli"] + ["cli.main", "settings", "errors"]
    done = subprocess.run(
        [sys.executable, "-c", script, ",".join(sorted(HEAVY)), *names], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_no_tracked_file_holds_a_path_of_somebodys_machine() -> None:
    found = [
        f"{place(path)}:{number}"
        for path in tracked_files()
        if path.suffix in TEXT_FILES or not path.suffix
        for number, text in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if MACHINE_PATH.search(text)
    ]
    assert found == []


def test_every_decision_record_is_in_the_index_and_has_a_number_of_its_own() -> None:
    folder = ROOT / "docs" / "decisions"
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert [name for name in records if f"({name})" not in index] == []
    assert len({name[:4] for name in records}) == len(records)


@cache
def locked() -> dict[str, set[str]]:
    """Versions by package in `requirements.lock`; several where they differ by Python or platform."""
    entries = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", lock_text(), re.MULTILINE)
    versions: dict[str, set[str]] = {}
    for name, version in entries:
        versions.setdefault(canonicalize_name(name), set()).add(version)
    return versions


def lock_text() -> str:
    return (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_the_lock_names_no_host_and_no_address() -> None:
    assert NO_ADDRESS.findall(lock_text()) == []


def test_the_lock_pins_every_package_exactly_and_by_hash() -> None:
    blocks = re.split(r"\n(?=\S)", lock_text().strip())
    loose = [
        block.splitlines()[0] for block in blocks if not re.match(r"[\w.\[\]-]+==\S+.*(?:\\\n\s+--hash=sha256:)", block)
    ]
    assert loose == []
    assert len(blocks) > 50


def test_the_lock_holds_every_package_that_the_project_needs_however_far_away() -> None:
    wanted: list[tuple[Requirement, str]] = [(requirement, "pyproject.toml") for requirement in direct_requirements()]
    seen: set[tuple[str, frozenset[str]]] = set()
    missing: set[str] = set()
    while wanted:
        requirement, asker = wanted.pop()
        name = canonicalize_name(requirement.name)
        key = (name, frozenset(requirement.extras))
        if key in seen:
            continue
        seen.add(key)
        if name not in locked():
            missing.add(f"{name}, needed by {asker}")
            continue
        wanted += [(further, name) for further in requirements_of(name, requirement.extras)]
    assert missing == set()


def direct_requirements() -> list[Requirement]:
    """What pyproject.toml asks for: the package, its locked extras, and the dev group, as far as they hold here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    texts = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for name, extra in project["project"].get("optional-dependencies", {}).items():
        texts += [] if name in NOT_LOCKED else extra
    texts += project["dependency-groups"]["dev"]
    return [found for found in map(Requirement, texts) if found.marker is None or found.marker.evaluate()]


def requirements_of(name: str, extras: set[str]) -> list[Requirement]:
    """What an installed package asks for on this Python and platform."""
    try:
        texts = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []  # of another platform or Python
    contexts = [{"extra": extra} for extra in extras] or [{"extra": ""}]
    return [
        found
        for found in map(Requirement, texts)
        if found.marker is None or any(found.marker.evaluate(context) for context in contexts)
    ]


def test_the_environment_is_the_locked_one() -> None:
    installed = {name: version for name in locked() if (version := version_of(name)) is not None}
    assert {name: version for name, version in installed.items() if version not in locked()[name]} == {}
    assert len(installed) > 50


def version_of(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def test_no_name_on_demand_is_that_of_its_own_module() -> None:
    """Python puts an imported module into its package under its name: it would stand in the public name's place."""
    on_demand = re.compile(r'"(?P<name>\w+)": "(?:\w+\.)*(?P=name)"')
    shadowed = [
        f"{place(path)}: {found['name']}"
        for path in sorted(SOURCE.rglob("__init__.py"))
        for found in on_demand.finditer(path.read_text(encoding="utf-8"))
        if (path.parent / f"{found['name']}.py").exists()
    ]
    assert shadowed == []
