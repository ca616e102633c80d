# One word per chore. `make` alone lists them.
PYTHON ?= python3
export PYTHON
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup web browser demo serve test test-extras screenshots check lint types web-check format bench docs lock audit

help: ## list the chores
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 13

setup: ## make .venv with every pinned package and the marketmover command
	@scripts/setup.sh

web: setup ## build the dashboard, which serve serves
	@scripts/web.sh

browser: setup ## see to it that there is a Chromium for the dashboard's tests
	@scripts/browser.sh >/dev/null

demo: setup ## simulate two years of campaigns and both ad platforms, import, read a brief, compose a plan
	@scripts/demo.sh

serve: web ## serve the demo, and the simulated ad platforms behind it; prints a one-time link to sign in by
	@scripts/serve.sh

test: web browser ## run every test
	@scripts/web.sh test
	@$(BIN)/python -m pytest -n 2 --dist worksteal -q

screenshots: web browser ## take pictures of every page into build/screenshots, at two widths and in both themes
	@$(BIN)/python -m pytest -n 2 --dist worksteal -q tests/dashboard/test_every_page.py

test-extras: setup ## run the language room's tests with torch, transformers and onnxruntime, in .venv-extras
	@scripts/test_extras.sh

check: lint types web-check ## lint, types, floors, formatting

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: setup
	@$(BIN)/basedpyright

web-check: setup
	@scripts/web.sh check

format: setup ## format the code and mend what ruff can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@scripts/web.sh format

bench: setup ## measure advice, coverage and speed; print each beside its limit or peer
	@$(BIN)/python -m benchmarks

docs: setup ## write the generated docs: data dictionary, picture of the floors, picture of the plan
	@$(BIN)/python scripts/make_docs.py

lock: setup ## resolve requirements.lock anew from pyproject.toml, all but torch and its like
	@$(BIN)/uv pip compile --quiet --universal --upgrade --generate-hashes --no-header --no-annotate --extra pdf --extra postgres \
		--extra s3 --extra google --extra meta --extra otel --group dev pyproject.toml --output-file requirements.lock

audit: setup ## ask the public list of vulnerabilities about every locked package
	@$(BIN)/uv tool run pip-audit --strict --require-hashes --disable-pip --requirement requirements.lock
