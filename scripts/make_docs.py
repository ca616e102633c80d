"""Write every generated page and picture of the docs: `make docs`. Tests hold the pages against the code."""

import importlib
import subprocess
import sys
from pathlib import Path

import floors

ROOT = Path(__file__).resolve().parent.parent
PAGES = {"make_settings_doc": "docs/settings.md", "make_data_dictionary": "docs/data-dictionary.md"}


def main() -> None:
    """Write the pages, the picture of the floors, and the picture of the plan (which needs Chromium)."""
    for module, target in PAGES.items():
        _write(ROOT / target, importlib.import_module(module).render())
    _write(floors.TARGET, floors.render())
    sys.exit(subprocess.run([sys.executable, ROOT / "scripts" / "picture.py"], check=False).returncode)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
