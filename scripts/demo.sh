#!/usr/bin/env bash
# The main job on a simulated market: two years of exports that end yesterday and a brief for next month in, a plan out.
# DEMO names the folder it works in, DEMO_SIZE holds further options of `sandbox create`.
set -euo pipefail
cd "$(dirname "$0")/.."
marketmover=.venv/bin/marketmover
demo=${DEMO:-demo}
step() { printf '\n%s\n' "$1" >&2; }

# By UTC, as marketmover counts days; and by Python, since `date` reckons in another way on each system.
read -r yesterday month year <<<"$(.venv/bin/python -c '
from datetime import UTC, datetime, timedelta
today = datetime.now(UTC).date()
print(today - timedelta(days=1), (today.replace(day=28) + timedelta(days=4)).strftime("%B %Y"))')"

mkdir -p "$demo"
export MARKETMOVER_HOME="$demo/home"
rm -rf "$demo/home" "$demo/plan"

step "1. Two years of campaigns (SIMULATED), in the JSON of Google Ads, Meta Ads and a CRM"
if grep -qs "\"last_date\": \"$yesterday\"" "$demo/history/simulated.json"; then
    echo "$demo/history is there from an earlier run of today" >&2
else
    rm -rf "$demo/history"
    "$marketmover" sandbox create "$demo/history" --seed 7 --end "$yesterday" --country US --sells leads ${DEMO_SIZE:-}
fi

step "2. Import"
"$marketmover" init
"$marketmover" import "$demo/history" --as-of "$yesterday"
"$marketmover" history --html "$demo/history.html" >/dev/null

step "3. The SIMULATED ad accounts, connected as real ones would be"
"$marketmover" sandbox serve "$demo/history" --port 0 >"$demo/platforms.log" 2>&1 &
platforms=$!
trap 'kill "$platforms" 2>/dev/null || true; wait "$platforms" 2>/dev/null || true' EXIT
until grep -qs simulated "$demo/platforms.log"; do
    kill -0 "$platforms" 2>/dev/null || { cat "$demo/platforms.log" >&2; exit 1; }
    sleep 0.1
done
"$marketmover" accounts add google_ads --sandbox "$demo/history" --name "simulated-google"
"$marketmover" accounts add meta_ads --sandbox "$demo/history" --name "simulated-meta"
kill "$platforms"
wait "$platforms" || true
trap - EXIT

step "4. The client's brief (examples/brief.txt, for next month), as it was understood"
sed -e "s/1 December 2026/1 $month $year/" -e "s/December campaign/$month campaign/" examples/brief.txt >"$demo/brief.txt"
"$marketmover" brief "$demo/brief.txt" --explain --html "$demo/brief.html"
"$marketmover" brief "$demo/brief.txt" --ask

step "5. The plan"
"$marketmover" compose --brief "$demo/brief.txt" --seed 7
cp -R "$demo/home/plans/default/"*/ "$demo/plan" # the home keeps it for `make serve`; this copy is for reading

step "Done. The plan to read and sign is $demo/plan/plan.html; what it rests on is $demo/history.html;
the marked brief is $demo/brief.html.
All of it is made from simulated data.

To work with it in a browser or by the API: make serve"
