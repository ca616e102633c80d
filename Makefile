# One word per chore. `make` alone lists them.
PYTHON ?= python3
export PYTHON
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-extras check format bench docs lock

help: ## list the chores
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 13

setup: ## make .venv with every pinned package and the marketmover command
	@scripts/setup.sh

demo: setup ## simulate two years of campaigns, import them, read a brief, compose a plan
	@scripts/demo.sh

test: setup ## run every test
	@$(BIN)/python -m pytest -n 2 --dist worksteal -q

test-extras: setup ## run the language room's tests with torch, transformers and onnxruntime, in .venv-extras
	@scripts/test_extras.sh

check: setup ## lint, types, floors, formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/basedpyright

format: setup ## format the code and mend what ruff can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: setup ## measure advice, coverage and speed; print each beside its limit or peer
	@$(BIN)/python -m benchmarks

docs: setup ## write the generated docs: data dictionary, picture of the floors, picture of the plan
	@$(BIN)/python scripts/make_docs.py

lock: setup ## resolve requirements.lock anew from pyproject.toml, all but torch and its like
	@$(BIN)/uv pip compile --quiet --universal --upgrade --generate-hashes --no-header --no-annotate --extra pdf --extra postgres \
		--extra s3 --extra google --extra meta --group dev pyproject.toml --output-file requirements.lock
