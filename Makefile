# The commands of the house. `make` alone lists them.
PYTHON ?= python3
BIN := .venv/bin

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## the virtual environment, from the lock file with hashes
	@command -v $(PYTHON) >/dev/null || { echo "Kommunity needs Python 3.11 or newer, and $(PYTHON) is not on PATH: install it, or point to one with PYTHON=/path/to/python3." >&2; exit 1; }
	@$(PYTHON) deploy/local/venv.py

up: setup ## start the whole system here and print its address
	@$(BIN)/python -m deploy.local up

down: setup ## stop it
	@$(BIN)/python -m deploy.local down

status: setup ## what runs, since when, and how far it is behind
	@$(BIN)/python -m deploy.local status

logs: setup ## follow the logs; one part's with part=bookings-web
	@$(BIN)/python -m deploy.local logs $(part)

reset: setup ## stop it and delete all its data (FORCE=1 does not ask)
	@$(BIN)/python -m deploy.local reset $(if $(FORCE),--force)

clock: setup ## move the demo's clock, e.g. to=2027-08-13T08:30; back to today without
	@$(BIN)/python -m deploy.local clock $(to)

kommunity: setup ## a command of a service here, e.g. for=bookings do="rebuild bookings --dry-run"
	@$(BIN)/python -m deploy.local kommunity $(for) $(do)

FAST = tests/guards tests/contracts $(wildcard tests/*/test_domain.py) tests/bookings/test_counting.py tests/bookings/test_times.py
check: setup ## the fast checks, within a minute: lint, types, house rules, rules' own tests, guards, contracts
	@$(BIN)/python -m deploy.local prepare --no-browser
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/kommunity contracts check
	$(BIN)/pytest -q $(FAST)

test: setup ## everything: the checks, then all tests, with real Kafka, PostgreSQL, SMTP and a real browser
	@$(BIN)/python -m deploy.local prepare
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/kommunity contracts check
	$(BIN)/pytest

contracts: setup ## do the events still suit all that was published, in both directions?
	@$(BIN)/kommunity contracts check

test-journeys: setup ## the whole-system stories alone
	@$(BIN)/python -m deploy.local prepare
	$(BIN)/pytest -m journey

test-faults: setup ## all faults of the matrix, under load, with the ledger after each; ROWS=3,4 chooses; build/faults.json
	@$(BIN)/python -m deploy.local prepare --no-browser
	ROWS=$(ROWS) $(BIN)/python -m tests.faults

SEEDS = 1000
simulate: setup ## the town in one thread with crashes, repeats and delays, for SEEDS seeds; SEED=17 shows that one
	@$(BIN)/python -m deploy.local prepare --no-browser
	@PYTHONHASHSEED=0 $(BIN)/python -m tests.simulation $(if $(SEED),--seed $(SEED),--seeds $(SEEDS))

bench: setup ## the figures we hold ourselves to, also in build/bench.json; PARTS="events rebuild" chooses
	@$(BIN)/python -m deploy.local prepare
	$(BIN)/python -m tests.benchmarks $(PARTS)

pictures: setup ## take the README's pictures of the running portal anew
	@$(BIN)/python -m deploy.pictures

COMPILE = build/uv/bin/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11
lock: ## resolve pyproject.toml into the lock files anew
	$(PYTHON) -m venv build/uv && build/uv/bin/python -m pip install --quiet uv
	$(COMPILE) --extra local --extra dev pyproject.toml -o deploy/requirements-dev.lock
	$(COMPILE) --constraint deploy/requirements-dev.lock --annotation-style line pyproject.toml -o deploy/requirements.lock

.PHONY: help setup up down status logs reset clock kommunity check test contracts test-journeys test-faults simulate bench pictures lock
