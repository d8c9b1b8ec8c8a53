# Civic: `make demo` shows it, `make test` proves it. Without make, run the lines below a target by hand.

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= auto
BIN = .venv/bin
HOUSE = $(addprefix tests/house/test_,$(addsuffix .py,catalogue comments foreign_keys glossary routes settings size templates vendor))

.PHONY: demo serve test clock check read migration lock clean

demo: .venv/ready  ## the example town on http://127.0.0.1:$(PORT); RESET=1 starts over, DATA=folder adds real data
	$(BIN)/civic demo --port $(PORT) $(if $(RESET),--reset) $(if $(DATA),--data $(DATA))

serve: .venv/ready  ## your own instance, configured by CIVIC_* variables
	$(BIN)/civic migrate
	$(BIN)/civic serve --port $(PORT)

test: .venv/ready read  ## everything CI runs
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal

clock: .venv/ready  ## what is measured in seconds, on an idle machine
	$(BIN)/python -m pytest -m clock

check: .venv/ready read  ## before each commit: what reads the code, and the tests of the house
	$(BIN)/python -m pytest --quiet $(HOUSE)

read: .venv/ready  ## what reads the code without running it
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

migration: .venv/ready  ## write the next migration: make migration NAME=what_changes
	$(BIN)/python scripts/new_migration.py $(NAME)

lock: .venv/ready  ## pin every dependency again, with hashes
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --extra dev --generate-hashes --allow-unsafe --strip-extras --no-header --quiet \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file requirements.lock pyproject.toml

clean:
	rm -rf .venv build dist

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@
