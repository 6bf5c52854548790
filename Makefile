# The one door to everything; `make` alone lists what it opens.
#
# Each target makes the virtual environment if it is missing and installs what it needs, at the
# versions that constraints.txt pins. Another interpreter: make test PYTHON=python3.13

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
IS_NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))

# The oldest supported one comes first, so that `make lock` pins what every other can install too.
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3 python; do \
	$$python -c '$(IS_NEW_ENOUGH)' >/dev/null 2>&1 && echo $$python && break; done)

.DEFAULT_GOAL := help
.PHONY: help demo serve test test-slow check bench docs lock

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

demo: $(READY)/core ## Recognise people in sample photos; pictures go to demo/
	$(BIN)/vultus demo $(ARGS)

serve: $(READY)/service ## Serve over HTTP on 127.0.0.1:8000; options go into ARGS="--port 9000"
	$(BIN)/vultus serve $(ARGS)

test: $(READY)/dev ## Run the tests; options for pytest go into ARGS="-k decode"
	$(BIN)/python -m pytest --numprocesses=auto -m "not slow" $(ARGS)

test-slow: $(READY)/dev ## Run the tests that take more than a few seconds
	$(BIN)/python -m pytest -m slow $(ARGS)

check: $(READY)/dev ## Lint, formatting, types, and the arrows between the rooms
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)/bench ## Run every benchmark; results go to benchmarks/results/
	$(BIN)/python -m benchmarks $(ARGS)

docs: $(READY)/docs ## Build the documentation into site/
	$(BIN)/mkdocs build --strict --quiet

EXTRAS := import tomllib; \
	project = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
	print(*project["optional-dependencies"], sep=",")

lock: ## Renew constraints.txt: the newest versions that fit together
	@$(call need-python)
	temporary=$$(mktemp -d) && trap 'rm -rf '$$temporary EXIT && \
	$(PYTHON) -m venv $$temporary && \
	$$temporary/bin/python -m pip install --quiet ".[$$($(PYTHON) -c '$(EXTRAS)')]" && \
	pins=$$($$temporary/bin/python -m pip freeze --exclude vultus | LC_ALL=C sort -f) && \
	printf '%s\n' '# Written by make lock: every package that Vultus and its extras install.' \
		"$$pins" > constraints.txt

$(READY)/core: EXTRA :=
$(READY)/bench: EXTRA := [bench]
$(READY)/dev: EXTRA := [dev]
$(READY)/docs: EXTRA := [docs]
$(READY)/service: EXTRA := [service]
$(READY)/%: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.$(EXTRA)'
	@mkdir -p $(READY) && touch $@

# Where Python comes without ensurepip, as on Debian, the system's own pip fills the environment.
$(BIN)/python:
	@$(call need-python)
	$(PYTHON) -m venv $(VENV) || { $(PYTHON) -m venv --clear --without-pip $(VENV) && \
		$(PYTHON) -m pip --python $@ install --quiet pip; } || { rm -rf $(VENV); exit 1; }

define need-python
$(or $(PYTHON),false) -c '$(IS_NEW_ENOUGH)' 2>/dev/null || { \
	echo "Vultus needs Python 3.11 or newer, and found $(or $(PYTHON),none)." \
	"Install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
endef
