# Two commands on a fresh machine: `make run` and `make test`. Needs Python 3.11 or newer with pip, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export BASSETLAW_HOME ?= $(CURDIR)/data
export DO_NOT_TRACK = 1
export GX_ANALYTICS_ENABLED = false
# Compiled modules are kept: without them every start pays for Dagster, dbt and Great Expectations again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test soak ui lint sync clean help

help:
	@echo "make run    set up, write the synthetic sample if there is no data, run the pipeline, print the scorecard"
	@echo "make test   set up and run the tests"
	@echo "make soak   read MUTANTS damaged files (2000 unless stated) of every contract; takes minutes"
	@echo "make lint   check formats, types and which package may import which"
	@echo "make ui     open the Dagster UI on http://127.0.0.1:3000"
	@echo "make sync   regenerate what is derived from contracts and the indicator registry"
	@echo "make clean  remove the environment (data stay)"

$(STAMP): requirements.lock requirements-installer.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 to 3.13 is needed") if not (3, 11) <= sys.version_info[:2] <= (3, 13) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@# uv installs the hashed list in seconds; pip alone takes about two minutes and serves where uv cannot.
	@echo "Installing the pinned requirements ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements-installer.lock \
	  && $(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes requirements.lock \
	  || $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

run: $(STAMP)
	@$(BIN)/bassetlaw sample --if-empty
	@$(BIN)/bassetlaw run --first-time

test: $(STAMP)
	$(BIN)/python -m pytest -n auto --maxprocesses=4 --dist=loadscope --no-loadscope-reorder $(PYTEST)

# How many damaged files the long run reads, and the first seed.
MUTANTS ?= 2000
MUTANT_SEED ?= 0
soak: $(STAMP)
	MUTANTS=$(MUTANTS) MUTANT_SEED=$(MUTANT_SEED) $(BIN)/python -m pytest -p no:xdist -q -s tests/pipeline/test_mutants.py $(PYTEST)

ui: $(STAMP)
	@$(BIN)/bassetlaw ui

sync: $(STAMP)
	@$(BIN)/bassetlaw sync

# Formats, types and layers; the style of SQL is a test.
lint: $(STAMP)
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

clean:
	rm -rf $(VENV)
