# Everything that a person or CI types. The work is done by the programs that are called here.

PYTHON ?= python3
VENV ?= .venv
ARGS ?=

BIN = $(VENV)/bin
RUNTIME = $(VENV)/.heron-runtime
DEVELOPMENT = $(VENV)/.heron-development
# One worker a core; whoever is done takes over from who is not.
TESTS = $(BIN)/python -m pytest -q --numprocesses=auto --dist=worksteal
SETUP = PYTHON='$(PYTHON)' VENV='$(VENV)' sh scripts/setup.sh

# GNU make stops here with one line before anything is made; another make gets the same line from setup.sh itself.
PROBLEM = $(shell $(SETUP) problem)
STOP_IF_PROBLEM = $(if $(PROBLEM),$(error $(PROBLEM)))

.PHONY: help demo test check bench chaos hostile audit pictures install

help: ## what can be made (this list)
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile
	@echo '  ARGS="…" is passed on, as in: make demo ARGS="--exit"    PYTHON=… names another Python'

demo: $(RUNTIME) ## see Heron answer in a help forum on this machine: no account, no network
	@$(BIN)/heron demo $(ARGS)

install: $(DEVELOPMENT) ## make .venv with every extra and everything for development
	@echo 'The commands are in $(BIN)/: heron, pytest, ruff, mypy.'

test: $(DEVELOPMENT) ## run the tests
	$(TESTS) $(ARGS)

check: $(DEVELOPMENT) ## run all that CI runs: format, lint, types, import contract, articles, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict bot tests benchmarks chaos
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/heron kb check
	$(TESTS) $(ARGS)

bench: $(DEVELOPMENT) ## measure speed; JSON on standard output
	@$(BIN)/python -m benchmarks $(ARGS)

chaos: $(DEVELOPMENT) ## kill Heron again and again in a storm of faults, on both databases: every post one answer
	$(BIN)/python -m chaos $(ARGS)

hostile: $(DEVELOPMENT) ## put twenty thousand hostile posts through the whole of diagnose, and time what was made to be slow
	HOSTILE=all $(TESTS) tests/hostile $(ARGS)
	@$(BIN)/python -m benchmarks hostile

audit: $(DEVELOPMENT) ## look up known weaknesses of what is installed; without a network it says so
	@VENV='$(VENV)' sh scripts/audit.sh

pictures: $(DEVELOPMENT) ## draw the pictures of the docs anew
	DRAW_PICTURES=1 $(BIN)/python -m pytest -q tests/end_to_end/test_demo_page.py tests/end_to_end/test_moderators_pictures.py

$(RUNTIME): pyproject.toml constraints.txt scripts/setup.sh
	@$(STOP_IF_PROBLEM)
	@$(SETUP) runtime
	@touch $(RUNTIME)

# Development holds all of the runtime, so both stamps are set.
$(DEVELOPMENT): pyproject.toml constraints.txt scripts/setup.sh
	@$(STOP_IF_PROBLEM)
	@$(SETUP) development
	@touch $(RUNTIME) $(DEVELOPMENT)
