# Everything runs from a clean clone: the first command that needs it makes .venv and installs the pinned packages.

PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null && echo $$name && break; \
	done)
VENV := .venv
INSTALLED := $(VENV)/installed
RUN := $(VENV)/bin/python

.DEFAULT_GOAL := help
.PHONY: help up down logs test lint format

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /\1  /p' Makefile | awk '{ printf "make %-8s", $$1; $$1 = ""; print $$0 }'

up: $(INSTALLED) ## start the stack on this machine, or update the running one; PORT=8080
	@$(RUN) -m local up $(if $(PORT),--port $(PORT))

down: $(INSTALLED) ## stop it and leave nothing behind
	@$(RUN) -m local down

logs: $(INSTALLED) ## follow what its functions log
	@$(RUN) -m local logs --follow

test: $(INSTALLED) ## run the tests
	@$(RUN) -m pytest

lint: $(INSTALLED) ## check format, style and types
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@$(RUN) -m mypy __main__.py components runtime local

format: $(INSTALLED) ## put the code into its format
	@$(RUN) -m ruff format .
	@$(RUN) -m ruff check --fix-only .

# The marker is written last, so an interrupted installation is done again. --no-compile: Python compiles what it imports;
# compiling all of pulumi_aws beforehand takes longer than everything else here together.
$(INSTALLED): requirements.txt requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "error: this needs Python 3.11 to 3.14 on the PATH" >&2; exit 1; }
	@echo "Installing the pinned packages into $(VENV)"
	@rm -f $(INSTALLED)
	@$(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-compile -r requirements-dev.txt
	@touch $(INSTALLED)
