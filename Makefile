# The commands of this project. Each installs what it needs into .venv, from the lock files.

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 2
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE :=  # the tests start hundreds of processes, which should not compile anew

.PHONY: help demo dev serve test quick check lint format bench soak mutants messages pictures floors lock vendor clean

help:
	@echo "make demo [PORT=8000]   run a made-up agency on this machine (FRESH=1 makes it anew)"
	@echo "make dev  [PORT=8000]   the same, started anew when code or templates change"
	@echo "make test               everything: format, lint, types, both databases, real browser"
	@echo "make quick              the rules and pages on SQLite, in about a minute"
	@echo "make check FILE=...     format, lint and types, and the tests of that file's domain"
	@echo "make serve              serve the portal with your PORTAL_... settings"
	@echo "make lint | format      check the code | put it into shape"
	@echo "make bench              measure, and save bench.json"
	@echo "make soak               the long runs"
	@echo "make mutants [SEED=n]   put faults into the rules about rights, print what no test notices"
	@echo "make messages           bring the translation files up to date with the code"
	@echo "make floors             write docs/floors.md: which package may import which"
	@echo "make pictures           take the guides' pictures anew"
	@echo "make lock | vendor      refresh the lock files | the front-end files"

demo: .venv/ready
	@$(BIN)/portal demo --port $(PORT) $(if $(FRESH),--fresh)

dev: .venv/ready-dev
	@$(BIN)/watchfiles --filter default \
		"$(BIN)/portal demo --port $(PORT)" portal

serve: .venv/ready
	@$(BIN)/portal serve --port $(PORT) --workers $(WORKERS)

test: .venv/ready-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/djlint --quiet --lint portal/templates
	@$(BIN)/mypy
	@$(BIN)/pytest -n auto --dist worksteal --durations=20

QUICK := tests/test_layers.py tests/test_db.py tests/test_clock.py tests/test_tables.py tests/test_documents.py \
	tests/act tests/web tests/home tests/hours tests/people tests/programs tests/requirements tests/reports \
	tests/shifts/test_signups.py tests/shifts/test_waiting.py tests/training tests/security/test_scopes.py

quick: .venv/ready-dev
	@$(BIN)/pytest -q -n 2 --dist worksteal --sqlite $(wildcard $(QUICK))

check: .venv/ready-dev
	@$(BIN)/python .ci/check.py $(FILE)

floors: .venv/ready-dev
	@$(BIN)/python .ci/floors.py

lint: .venv/ready-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/djlint --quiet --lint portal/templates
	@$(BIN)/mypy
	@$(BIN)/python .ci/figures.py

format: .venv/ready-dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: .venv/ready-dev
	@$(BIN)/python -m tests.bench

soak: .venv/ready-dev
	@$(BIN)/pytest -s -o python_files="soak_*.py" -o python_functions="soak_*" tests/soak

mutants: .venv/ready-dev
	@$(BIN)/python -m tests.mutants $(if $(SEED),--seed $(SEED))

messages: .venv/ready-dev
	@$(BIN)/python .ci/messages.py

pictures: .venv/ready-dev
	@$(BIN)/python .ci/pictures.py

lock: .venv/ready-dev
	@$(BIN)/uv pip compile -q -U pyproject.toml --group build --universal --python-version 3.11 \
		--generate-hashes --no-annotate --custom-compile-command "make lock" -o requirements.lock
	@$(BIN)/uv pip compile -q -U pyproject.toml --group build --group dev --universal --python-version 3.11 \
		--generate-hashes --no-annotate --custom-compile-command "make lock" \
		-c requirements.lock -o requirements-dev.lock

vendor: .venv/ready-dev
	@PYTHONPATH=. $(BIN)/python .ci/vendor.py

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info demo.db demo.db-wal demo.db-shm demo.db.lock

.venv/ready: requirements.lock pyproject.toml
	@.ci/prepare $(PYTHON) requirements.lock && touch $@

.venv/ready-dev: requirements-dev.lock pyproject.toml
	@.ci/prepare $(PYTHON) requirements-dev.lock browser && touch $@ .venv/ready
