# Rasid, by its commands. Everything is installed into .venv/, nothing outside this folder.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: run serve demo test soak lint bench lock clean

run: $(READY)  ## one pass over the sources; without a network, over the built-in newsroom
	@$(BIN)/rasid run

serve: $(READY)  ## everything by schedule, in one process, with a dashboard
	@$(BIN)/rasid serve

demo: $(READY)  ## the same on a newsroom of this machine's own, where something new comes out all the time
	@$(BIN)/rasid demo

test: $(READY)  ## the whole test suite
	@$(BIN)/python -m pytest

soak: $(READY)  ## the long proof: passes killed at a hundred random moments, and every hostile site there is
	@$(BIN)/python -m pytest tests/test_passes.py tests/test_alerts.py tests/test_move.py -k killed --kills 100 --thorough
	@$(BIN)/python -m pytest tests/test_tags_race.py tests/test_backfill_kills.py --kills 100 --thorough
	@$(BIN)/python -m pytest tests/test_workers.py --sources 10000 --kills 80 --thorough
	@$(BIN)/python -m pytest -n 0 -s tests/test_hostile.py --long
	@$(BIN)/python -m pytest -n 0 -s tests/test_serve.py tests/test_living.py -k "killed or newcomer" --soak 1800

lint: $(READY)  ## style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(READY)  ## speed and quality as ratios, each against a floor in the same run
	@$(BIN)/python -m benchmarks

lock:  ## resolve the newest versions and pin them with hashes (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		--extra dev --extra build --upgrade --quiet pyproject.toml -o requirements.txt

clean:  ## remove what was installed and what the tools left; state in var/ stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info

# Ready is said last: an installation that was cut short is made anew. The pins are complete, so pip resolves nothing:
# it would try the newest version of a package that is pinned without the extras that another one asks for.
$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "Rasid needs Python 3.11 to 3.13; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv module is missing; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Installing into .venv (half a minute) ..."
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)
