#!/usr/bin/env bash
# The main job on a simulated market: two years of exports and a brief in, a plan out. DEMO names the folder it works in.
set -euo pipefail
cd "$(dirname "$0")/.."
marketmover=.venv/bin/marketmover
demo=${DEMO:-demo}
step() { printf '\n%s\n' "$1" >&2; }

mkdir -p "$demo"
export MARKETMOVER_HOME="$demo/home"
rm -rf "$demo/home" "$demo/plan"

step "1. Two years of campaigns (SIMULATED), in the JSON of Google Ads, Meta Ads and a CRM"
if [ -f "$demo/history/simulated.json" ]; then
    echo "$demo/history is there from an earlier run" >&2
else
    "$marketmover" sandbox create "$demo/history" --seed 7 --end 2026-11-21 --country US --sells leads
fi

step "2. Import"
"$marketmover" init
"$marketmover" import "$demo/history" --as-of 2026-11-21
"$marketmover" history --html "$demo/history.html" >/dev/null

step "3. The client's brief, as it was understood"
"$marketmover" brief examples/brief.txt --explain --html "$demo/brief.html"
"$marketmover" brief examples/brief.txt --ask

step "4. The plan"
"$marketmover" compose --brief examples/brief.txt --out "$demo/plan" --seed 7

step "Done. The plan to read and sign is $demo/plan/plan.html; what it rests on is $demo/history.html;
the marked brief is $demo/brief.html.
All of it is made from simulated data."
