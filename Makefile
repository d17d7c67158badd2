# make demo: the main job on a made-up company, from nothing.   make test: everything the tests need, then all tests.
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport PYTHONDONTWRITEBYTECODE  # pytest rewrites every test file: once is enough for all its workers

.PHONY: demo test check tests torture judges clean

demo: $(VENV)/.installed
	@$(BIN)/activity-sync demo --once

test: $(VENV)/.tests-installed
	@sh deploy/postgresql.sh
	@$(MAKE) --no-print-directory check tests

# While mypy works the other core reads the tests once, so that no worker has to rewrite them.
check: $(VENV)/.tests-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(BIN)/pytest --collect-only -q > /dev/null 2>&1 & $(BIN)/mypy; status=$$?; wait; exit $$status
	$(BIN)/lint-imports

tests: $(VENV)/.tests-installed
	$(BIN)/pytest -n 4 --dist worksteal

# Longer than the suite may take: more process kills, more steps of the machines.
torture: $(VENV)/.tests-installed
	@sh deploy/postgresql.sh
	TORTURE=1 $(BIN)/pytest -n 2 --dist worksteal -m torture

# Independent clients judge the made-up vendors. Microsoft's own SDK takes 390 MB, so it is no part of `make test`.
judges: $(VENV)/.tests-installed
	@echo "Installing the judges into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --quiet --editable '.[test,judges]'
	$(BIN)/pytest -n 2 -m judge

$(VENV)/.made:
	@sh deploy/environment.sh $(VENV)
	@touch $@

$(VENV)/.installed: pyproject.toml | $(VENV)/.made
	@echo "Installing Activity Sync into $(VENV) (once) ..."
	@$(BIN)/python -m pip install --quiet --quiet --editable .
	@touch $@

$(VENV)/.tests-installed: pyproject.toml | $(VENV)/.made
	@echo "Installing Activity Sync and what its tests need into $(VENV) (once) ..."
	@$(BIN)/python -m pip install --quiet --quiet --editable '.[test]'
	@touch $(VENV)/.installed $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .hypothesis
