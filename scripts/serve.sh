#!/usr/bin/env bash
# The demo's installation, served: the simulated ad platforms behind it, and marketmover in front. DEMO names its folder,
# HOST and PORT where it listens, SPEED how many simulated days pass in a minute.
set -euo pipefail
cd "$(dirname "$0")/.."
marketmover=.venv/bin/marketmover
demo=${DEMO:-demo}
if [ ! -d "$demo/home" ]; then
    echo "There is no demo in $demo yet. Run: make demo" >&2
    exit 1
fi
export MARKETMOVER_HOME="$demo/home"
MARKETMOVER_SANDBOX=$(cd "$demo" && pwd)/history
export MARKETMOVER_SANDBOX
"$marketmover" sandbox serve "$demo/history" --speed "${SPEED:-0}" >"$demo/platforms.log" 2>&1 &
platforms=$!
trap 'kill "$platforms" 2>/dev/null || true; wait "$platforms" 2>/dev/null || true' EXIT
echo "The SIMULATED ad platforms of the demo are served beside it; what they say is in $demo/platforms.log." >&2
# Not in the foreground: a shell that is told to end would leave it behind, with the port.
"$marketmover" serve --host "${HOST:-127.0.0.1}" --port "${PORT:-8000}" &
server=$!
trap 'kill "$server" 2>/dev/null || true' INT TERM HUP
code=0
wait "$server" || code=$?
while kill -0 "$server" 2>/dev/null; do
    code=0
    wait "$server" || code=$?
done
exit "$code"
