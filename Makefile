# What a newcomer, a commit hook and CI run. The first use makes .venv in this clone, with everything that requirements.lock
# names, or for the demo its own smaller lock; nothing else needs to be installed. Targets take ARGS="…" where they say so.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --require-virtualenv
PYTHON ?=
PORT ?= 8000
JOBS ?= 2
ARGS ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install demo test check bench lint types imports docs format lock hook clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

install: $(VENV)/.maksa ## only make .venv (every other target does so by itself)

demo: $(VENV)/.demo ## serve real lists with a demo account, here: PORT=8000
	@echo "Serving the demo on port $(PORT): request lines to paste follow. Ctrl-C ends it, 'make clean' forgets it."
	@$(BIN)/maksa demo --port $(PORT) $(ARGS)

test: $(VENV)/.maksa ## all tests: JOBS=2, ARGS="-k search"
	$(BIN)/pytest -n $(JOBS) --dist loadgroup $(ARGS)

check: $(VENV)/.maksa ## test, lint, types, imports; the documentation's tests are among the tests
	@tools/check test lint types imports

bench: $(VENV)/.maksa ## the benchmarks, each against a floor; JSON under bench/out: QUICK=1, ARGS="search"
	$(BIN)/python -m bench $(ARGS)

lint: $(VENV)/.maksa ## ruff: rules and layout
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.maksa ## mypy --strict
	$(BIN)/mypy

imports: $(VENV)/.maksa ## which room may see which: the table in pyproject.toml
	$(BIN)/lint-imports

docs: $(VENV)/.maksa ## only the tests that hold documentation and code together
	$(BIN)/pytest -q tests/docs $(ARGS)

format: $(VENV)/.maksa ## lay the code out as `make lint` wants it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

hook: ## run `make check` before each commit of this clone
	printf '#!/bin/sh\nexec make check\n' > "$$(git rev-parse --git-path hooks)/pre-commit"
	chmod +x "$$(git rev-parse --git-path hooks)/pre-commit"

# uv resolves for every Python and platform at once; its own lock records registry addresses, so only the exports are kept.
EXPORT = $(VENV)-lock/bin/uv --quiet export --frozen --no-header --no-emit-project --format requirements-txt
lock: ## resolve the dependencies anew into requirements.lock and requirements-demo.lock
	$(if $(PYTHON),$(PYTHON),python3) -m venv --clear $(VENV)-lock
	$(VENV)-lock/bin/python -m pip --quiet --disable-pip-version-check install uv
	$(VENV)-lock/bin/uv --quiet lock --upgrade
	$(EXPORT) --all-extras -o requirements.lock
	$(EXPORT) --extra server --extra demo --no-dev --group build -o requirements-demo.lock
	rm -rf $(VENV)-lock uv.lock

clean: ## forget what was made here: .venv, the demo, caches
	rm -rf $(VENV) $(VENV)-lock .demo build dist bench/out
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests bench tools -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp for each lock, which takes a while to redo, and one for the project's own, which takes a second. What serves the
# demo is a tenth of what the tests need: nobody waits for a browser's driver or a type checker to see a request answered.
$(VENV)/.lock: requirements.lock
$(VENV)/.demo-lock: requirements-demo.lock
$(VENV)/.maksa: $(VENV)/.lock
$(VENV)/.demo: $(VENV)/.demo-lock

$(VENV)/.lock $(VENV)/.demo-lock: tools/venv
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || PYTHON="$(PYTHON)" tools/venv
	@echo "installing $(filter %.lock,$^) into $(VENV): once"
	@$(PIP) install --require-hashes --requirement $(filter %.lock,$^)
	@touch $@

$(VENV)/.maksa $(VENV)/.demo: pyproject.toml
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
