# Everything runs from a clean clone: the first command that needs it makes .venv and installs the pinned packages.

VENV := .venv
# A .venv that is there already keeps its Python: pulumi new makes one, too.
PYTHON ?= $(shell for name in $(VENV)/bin/python python3.14 python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null && echo $$name && break; \
	done)
INSTALLED := $(VENV)/installed
RUN := $(VENV)/bin/python
SUITE := tests/conformance
SUITE_INSTALLED := $(SUITE)/node_modules/installed
BROWSER := tests/browser
BROWSER_INSTALLED := $(BROWSER)/node_modules/installed
ENGINE := tests/engine
POLICY := policy
POLICY_INSTALLED := $(POLICY)/.venv/installed
PRIVILEGE := tests/e2e/privilege
# Where the engine ends before the program, Pulumi's host of inline programs leaves an event loop open.
QUIETLY := -W ignore::pytest.PytestUnraisableExceptionWarning
TYPESCRIPT := examples/typescript
TYPESCRIPT_INSTALLED := $(TYPESCRIPT)/node_modules/installed
CLIENTS := tests/typescript
CLIENTS_INSTALLED := $(CLIENTS)/node_modules/installed
# The tests of one file share their fixtures, some of them a whole stack, so a file is what goes to a process. One process
# more than there are processors, since some tests wait.
PARALLEL = --numprocesses=$(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1))) --dist=loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help up dev down logs check test stacks proofs engine privilege browser fuzz conformance restore-drill bench hashes release docs pictures style lint format

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1  /p' Makefile | awk '{ printf "make %-14s", $$1; $$1 = ""; print $$0 }'

up: $(INSTALLED) ## start the stack on this machine, or update the running one; PORT=8081 for another port, EXAMPLE=python for an example
	@$(RUN) -m local up $(if $(PORT),--port $(PORT)) $(if $(EXAMPLE),--example $(EXAMPLE))

dev: $(INSTALLED) ## serve your tools without AWS, and take each change as you save it; PORT= EXAMPLE= SUBJECT= SCOPES="a b" ENV_FILE=
	@$(RUN) -m local.dev $(if $(PORT),--port $(PORT)) $(if $(EXAMPLE),--example $(EXAMPLE)) $(if $(SUBJECT),--subject "$(SUBJECT)") $(if $(SCOPES),--scopes "$(SCOPES)") $(if $(ENV_FILE),--env-file $(ENV_FILE))

down: $(INSTALLED) ## stop it and delete its data
	@$(RUN) -m local down

logs: $(INSTALLED) ## follow the logs of its functions
	@$(RUN) -m local logs --follow

check: style ## check format, style and types, and run the unit and infrastructure tests without the slow ones
	@$(RUN) -m pytest tests/app tests/infra tests/unit --ignore=tests/unit/suites -m "not slow and not proof" --quiet $(PARALLEL)

test: $(INSTALLED) ## run the tests that need no npm, with one stack of this machine; the next two run the others
	@$(RUN) -m pytest --ignore=$(BROWSER) --ignore=$(CLIENTS) --ignore=$(ENGINE) -m "not proof and not stack" $(PARALLEL)

stacks: $(INSTALLED) ## start stacks of this machine with other settings, and change and break them
	@$(RUN) -m pytest --ignore=$(BROWSER) --ignore=$(CLIENTS) --ignore=$(ENGINE) -m stack $(PARALLEL)

proofs: $(INSTALLED) ## walk over every schema, library and kind of request, which takes minutes
	@$(RUN) -m pytest --ignore=$(BROWSER) --ignore=$(CLIENTS) --ignore=$(ENGINE) -m proof $(PARALLEL)

engine: $(INSTALLED) $(POLICY_INSTALLED) $(TYPESCRIPT_INSTALLED) ## deploy, update and destroy stacks with the real Pulumi engine on the emulator; TABLE=write
	@$(RUN) -m pytest $(ENGINE) $(QUIETLY) $(if $(TABLE),--write-table)

privilege: $(INSTALLED) ## take each permission away from a running stack, and see what fails
	@$(RUN) -m pytest $(PRIVILEGE)

browser: $(INSTALLED) $(BROWSER_INSTALLED) $(CLIENTS_INSTALLED) ## test the pages in Chromium, and the login of the TypeScript clients; CHROMIUM=/path/to/chromium
	@$(RUN) -m pytest $(BROWSER) $(CLIENTS)

fuzz: $(INSTALLED) ## send generated requests to a stack of its own and check the answers against schemas/openapi.yaml; look for what is accepted and not valid; CASES=10000 SEED=
	@$(RUN) -m tests.fuzz $(if $(CASES),--cases $(CASES)) $(if $(SEED),--seed $(SEED))
	@EXAMPLES=1000 $(RUN) -m pytest tests/unit/validation/test_acceptance.py --quiet -k accepted $(PARALLEL)

conformance: $(INSTALLED) $(SUITE_INSTALLED) ## run the official MCP conformance suite against a stack of its own
	@$(RUN) -m tests.conformance.run

restore-drill: $(INSTALLED) ## lose a table and a signing key of a stack of its own, and come back as docs/restore.md says
	@$(RUN) -m tests.drill

bench: $(INSTALLED) ## measure cold start, calls, memory and size, compared with the SDKs; ROUNDS=15
	@$(RUN) -m tests.benchmarks $(if $(ROUNDS),--rounds $(ROUNDS))

COMPILED := --generate-hashes --universal --python-version 3.11 --no-deps --no-annotate --custom-compile-command "make hashes"
hashes: $(INSTALLED) ## write the hashes of the wheels of the functions into wheels.txt, and those of requirements.txt into toolchain.txt; those of your libraries into wheels-app.txt and toolchain-app.txt; APP=module of other tools
	@$(RUN) -m components.packaging.hashes $(APP)
	@grep -v '^-r ' requirements.txt | $(RUN) -m uv pip compile --quiet $(COMPILED) --output-file toolchain.txt -
	@if grep -q == requirements-app.txt; then \
		$(RUN) -m uv pip compile --quiet $(COMPILED) --output-file toolchain-app.txt requirements-app.txt; \
	else rm -f toolchain-app.txt; fi

release: $(INSTALLED) ## give the unreleased changes a version, and record it for the next one to be tested with; VERSION=1.1.0
	@$(RUN) -m tests.compatibility $(VERSION)

docs: $(INSTALLED) ## write what is made from the schema, the types of resources and the permissions into docs
	@PYTHONPATH=$(POLICY) $(RUN) -m docs.generate
	@$(RUN) -m tests.e2e.privilege.table

pictures: $(INSTALLED) $(BROWSER_INSTALLED) ## take the pictures of the pages in docs/pictures
	@$(RUN) -m docs.pictures

style: $(INSTALLED) ## check format, style, shell scripts and types
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@$(VENV)/bin/shellcheck .ci/run scripts/*.sh scripts/*/*.sh
	@$(RUN) -m mypy __main__.py entry.py program.py components openapi runtime local admin tests docs scripts examples/deployer $(wildcard needs.py examples/*/app/[!_]*.py examples/*/needs.py)
	@$(RUN) -m mypy policy

lint: style ## check style, workflows, insecure code and, where the service can be reached, known vulnerabilities
	@$(RUN) -m tests.workflows
	@$(RUN) -m bandit --quiet --configfile pyproject.toml --recursive __main__.py entry.py program.py $(wildcard needs.py) components openapi runtime local admin policy scripts examples
	@$(RUN) -m tests.vulnerabilities

format: $(INSTALLED) ## format the code, and fix what ruff can fix
	@$(RUN) -m ruff format .
	@$(RUN) -m ruff check --fix-only .

# The marker is written last, so an interrupted installation is done again. --no-compile: Python compiles what it imports;
# compiling all of pulumi_aws beforehand takes longer than everything else here together.
$(INSTALLED): requirements.txt requirements-app.txt requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "error: this needs Python 3.11 to 3.14 on the PATH" >&2; exit 1; }
	@echo "Installing the pinned packages into $(VENV)"
	@rm -f $(INSTALLED)
	@$(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-compile -r requirements-dev.txt
	@touch $(INSTALLED)

# The policy pack has an environment of its own: its SDK wants an older protobuf than the program has.
$(POLICY_INSTALLED): $(POLICY)/requirements.txt
	@echo "Installing the pinned packages of the policy pack into $(POLICY)/.venv"
	@rm -f $(POLICY_INSTALLED)
	@$(PYTHON) -m venv $(POLICY)/.venv
	@$(POLICY)/.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-compile -r $(POLICY)/requirements.txt
	@touch $(POLICY_INSTALLED)

# The suite needs Node 22. Where the system's is older, npm installs one for the suite alone: its optional dependency.
$(SUITE_INSTALLED): $(SUITE)/package.json $(SUITE)/package-lock.json
	@command -v npm >/dev/null || { echo "error: the conformance suite needs npm (Node.js) on the PATH" >&2; exit 1; }
	@echo "Installing the pinned conformance suite into $(SUITE)/node_modules"
	@rm -f $(SUITE_INSTALLED)
	@cd $(SUITE) && npm ci --loglevel=error \
		$$(node -e 'process.exitCode = Number(parseInt(process.versions.node) < 22)' && echo --omit=optional)
	@touch $(SUITE_INSTALLED)

# A Chromium from npm: Playwright's own download needs libraries that only root can install. It runs on Linux x86_64;
# elsewhere, and without npm, the tests take the one of the machine, or say what is missing.
$(BROWSER_INSTALLED): $(BROWSER)/package.json $(BROWSER)/package-lock.json
	@mkdir -p $(BROWSER)/node_modules
	@if [ -z "$(CHROMIUM)" ] && [ "$$(uname -sm)" = "Linux x86_64" ] && command -v npm >/dev/null; then \
		echo "Installing the pinned Chromium into $(BROWSER)/node_modules" && \
		cd $(BROWSER) && npm ci --loglevel=error --engine-strict=false && touch node_modules/installed; fi

# What the example of the package in TypeScript runs on.
$(TYPESCRIPT_INSTALLED): $(TYPESCRIPT)/package.json $(TYPESCRIPT)/package-lock.json
	@command -v npm >/dev/null || { echo "error: the example in TypeScript needs npm (Node.js) on the PATH" >&2; exit 1; }
	@echo "Installing the pinned Pulumi SDK into $(TYPESCRIPT)/node_modules"
	@rm -f $(TYPESCRIPT_INSTALLED)
	@cd $(TYPESCRIPT) && npm ci --loglevel=error && touch node_modules/installed

# They run on the Node that Playwright brings.
$(CLIENTS_INSTALLED): $(CLIENTS)/package.json $(CLIENTS)/package-lock.json
	@command -v npm >/dev/null || { echo "error: the TypeScript clients need npm (Node.js) on the PATH" >&2; exit 1; }
	@echo "Installing the pinned TypeScript clients into $(CLIENTS)/node_modules"
	@rm -f $(CLIENTS_INSTALLED)
	@cd $(CLIENTS) && npm ci --loglevel=error --engine-strict=false && touch node_modules/installed
