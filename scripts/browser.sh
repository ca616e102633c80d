#!/usr/bin/env bash
# Sees to it that there is a Chromium for the dashboard's tests: the one that CHROMIUM names, one of this
# machine, the one that Playwright installs, or Debian's. Says on stdout which. With --find it installs nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python

runs() { [ -n "$1" ] && [ -x "$1" ] && "$1" --version >/dev/null 2>&1; }
of_playwright() {
    "$python" -c 'from playwright.sync_api import sync_playwright as p
with p() as tools: print(tools.chromium.executable_path)'
}
say() { echo "browser: $1" >&2; }

if [ -n "${CHROMIUM:-}" ]; then
    if runs "$CHROMIUM"; then echo "$CHROMIUM"; exit 0; fi
    say "CHROMIUM names '$CHROMIUM', which does not run. Name another, or unset it."
    exit 1
fi
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    found=$(command -v "$name" || true)
    if runs "$found"; then echo "$found"; exit 0; fi
done
found=$(of_playwright 2>/dev/null || true)
if runs "$found"; then echo "$found"; exit 0; fi

if [ "${1:-}" = --find ]; then
    say "there is no Chromium for the dashboard's tests. Run: make browser"
    exit 1
fi
say "none is here; trying the one that Playwright installs"
if timeout 300 "$python" -m playwright install chromium >.venv/browser.log 2>&1 && runs "$found"; then
    echo "$found"
    exit 0
fi
say "that did not work (.venv/browser.log says why); trying Debian's package"
as_root=()
if [ "$(id -u)" != 0 ]; then as_root=(sudo -n); fi
if command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    "${as_root[@]}" apt-get update -q >>.venv/browser.log 2>&1 || true # another source of packages may be away
    if "${as_root[@]}" apt-get install -qy --no-install-recommends chromium fonts-liberation >>.venv/browser.log 2>&1; then
        found=$(command -v chromium || true)
        if runs "$found"; then echo "$found"; exit 0; fi
    fi
fi
say "the dashboard's tests need a Chromium, and none could be installed. Do one of these:
  - install Chromium or Chrome as programs are installed here (on Debian, as root: apt-get install chromium);
  - name one that is there: make test CHROMIUM=/path/to/chrome;
  - run the other tests alone: .venv/bin/python -m pytest --ignore tests/dashboard"
exit 1
