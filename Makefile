# Everything that a person does with this repository. Needs python3 (3.11 or newer, with venv), make and git.
#
# The virtual environment is made on first use and kept. An empty stamp file in it says which extras it holds, so that
# nothing is installed twice; a change of pyproject.toml or constraints.txt installs anew. Versions are pinned by
# constraints.txt (`make constraints` renews it): a clone of today behaves the same in a year.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable
PINS := pyproject.toml constraints.txt

# What tests the rooms that give rules their meaning.
MEANING := tests/core/syntax tests/core/logic tests/core/plan tests/core/library tests/cases tests/mcdc

.DEFAULT_GOAL := help
.PHONY: help demo test test-all coverage mutants bench lint format constraints clean

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

demo: $(VENV)/.has-demo ## audiences of a million synthetic customers, next to Polars
	@$(BIN)/fasttwitch demo

test: $(VENV)/.has-test ## every test but the long sweeps
	@$(BIN)/python -m pytest

test-all: $(VENV)/.has-test ## every test, long sweeps included
	@HYPOTHESIS_PROFILE=thorough $(BIN)/python -m pytest -m "slow or not slow"

coverage: $(VENV)/.has-test ## every branch of what gives rules their meaning is taken by its tests, or this fails
	@CI=1 $(BIN)/python -m coverage run -m pytest -q $(MEANING)
	@$(BIN)/python -m coverage report

mutants: $(VENV)/.has-test ## put small faults into logic and plan, and count those that the tests notice
	@CI=1 $(BIN)/python -m tests.mutation.mutate

bench: $(VENV)/.has-bench ## measure against rivals, renew the table and the plots of the README
	@$(BIN)/python -m bench.report

lint: $(VENV)/.has-test ## style, types
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

format: $(VENV)/.has-test ## lay out the code and mend what can be mended
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format

constraints: $(BIN)/uv ## renew the pinned versions
	@$(BIN)/uv pip compile --quiet --universal --upgrade --no-header --no-emit-index-url --no-emit-find-links \
		--all-extras pyproject.toml --output-file constraints.txt

clean: ## remove the environment and all caches
	rm -rf $(VENV) .coverage .mutation-reach.json .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks .import_linter_cache dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.11 …" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/.has-demo: $(PINS) | $(BIN)/uv
	@echo "installing fasttwitch into $(VENV) …"
	@$(INSTALL) '.[demo]'
	@touch $@

$(VENV)/.has-test: $(PINS) | $(BIN)/uv
	@echo "installing fasttwitch and its test tools into $(VENV) …"
	@$(INSTALL) '.[test]'
	@touch $@

$(VENV)/.has-bench: $(PINS) | $(BIN)/uv
	@echo "installing fasttwitch and its rivals into $(VENV) …"
	@$(INSTALL) '.[bench]'
	@touch $@
