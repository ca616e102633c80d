"""Take the picture of the plan for the README: a plan is composed on simulated data and its page photographed.

Needs Chromium: one that is on the machine, or Playwright's own. `python scripts/picture.py [PLAN_HTML]` photographs a
page that is there already.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Error, Playwright, sync_playwright

import png_palette

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "images" / "plan.png"
WIDTH, HEIGHT = 1160, 1500
MOST_BYTES = 300_000
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NO_CHROMIUM = (
    "The picture of the plan needs Chromium, and none was found. Install one: `apt-get install chromium` on Debian or "
    "Ubuntu, or `.venv/bin/playwright install chromium` anywhere."
)
BRIEF = """Hello,

we offer physiotherapy sessions and need more qualified leads in the United States: women and men, 25-54.
We can spend up to $30,000 in total, from 4 January 2027 to 31 January 2027, on Google and Meta.
Please keep the cost per lead under $60. No video, please.
"""


def main() -> None:
    """Compose a plan (or take the one that was named), photograph it, and write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(sys.argv[1]) if len(sys.argv) > 1 else _composed(Path(folder))
        picture = png_palette.reduced(_photographed(page))
    if len(picture) > MOST_BYTES:
        sys.exit(f"The picture of the plan has {len(picture):,} bytes; at most {MOST_BYTES:,} belong in the README.")
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(picture)
    print(f"wrote {TARGET.relative_to(ROOT)} ({len(picture):,} bytes)")


def _composed(folder: Path) -> Path:
    command = str(Path(sys.executable).parent / "marketmover")
    history, brief, out = folder / "history", folder / "brief.txt", folder / "plan"
    brief.write_text(BRIEF, encoding="utf-8")
    steps = [
        ["sandbox", "create", history, "--sells", "leads", "--country", "US", "--seed", "7", "--end", "2026-12-31"],
        ["compose", "--history", history, "--brief", brief, "--out", out],
    ]
    for step in steps:
        done = subprocess.run([command, *map(str, step)], capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"marketmover {step[0]} failed, so there is no plan to photograph:\n{done.stderr}")
    return out / "plan.html"


def _photographed(page: Path) -> bytes:
    with sync_playwright() as playwright:
        browser = _chromium(playwright)
        try:
            tab = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
            tab.goto(page.resolve().as_uri())
            return tab.screenshot()
        finally:
            browser.close()


def _chromium(playwright: Playwright):  # noqa: ANN202 - Playwright names its browser type only inside
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    try:
        return playwright.chromium.launch(executable_path=found, args=FLAGS)
    except Error as error:
        sys.exit(f"{NO_CHROMIUM}\n({error.message.splitlines()[0]})")


if __name__ == "__main__":
    main()
