# The five verbs: run, test, check, bench, docs. `make setup` prepares; the rest depend on it.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV ?= uv
BIN := .venv/bin
# Files of tests at a time. More than the machine has cores makes what measures time fail.
JOBS ?= 2
PYTEST := $(BIN)/pytest -n $(JOBS) --dist loadfile
BENCHES ?= meeting sfu footprint files
CHECKED := $(wildcard src tests bench release docs/lessons)
WEB_SOURCES := $(shell find web/app web/packages -type f -not -path '*/node_modules/*' 2>/dev/null)
E2E := $(shell find web/e2e -name '*.test.ts' -not -path '*/node_modules/*' 2>/dev/null)
STATIC := src/segel/server/static/index.html
# A release younger than this is left alone: most poisoned ones are found within days.
QUARANTINE := 7 days
BEFORE := $(shell date -u -d '$(QUARANTINE) ago' +%FT%TZ)

# The tests start this program some hundred times: it is not to be compiled each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run test unit steps check bench docs lock clean web tools wheel licences sbom

help:
	@echo 'make run     start the server with the web client (RUN_ARGS are passed to `segel serve`)'
	@echo 'make test    everything: check, Python, TypeScript, real browsers'
	@echo 'make unit    what needs no server and no browser, in less than a minute'
	@echo 'make check   linters, types and the floors'
	@echo 'make bench   measure'
	@echo 'make docs    print the field tables, and check what the documentation says'
	@echo 'make wheel   the package that is installed on a server, web client and all, in dist/'
	@echo 'make sbom    what this version is made of, as CycloneDX, in dist/'
	@echo 'make setup   the Python environment and the node workspace, from the locks'
	@echo 'make lock    resolve the dependencies anew (needs uv)'
	@echo 'make clean   remove everything that was made'

setup: .venv/.stamp web/node_modules/.stamp

.venv/.stamp: requirements/dev.txt pyproject.toml
	@.ci/need-python "$(PYTHON)"
	test -x $(BIN)/python || "$(PYTHON)" -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

web/node_modules/.stamp: web/package-lock.json $(wildcard web/patches/*)
	@.ci/need-node
	cd web && npm ci && npm run --silent repair
	@touch $@

web: setup $(STATIC)

$(STATIC): $(WEB_SOURCES) web/node_modules/.stamp
	cd web && npm run --silent build
	@touch $@

wheel: web
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation -w dist .

run: web
	$(BIN)/segel serve $(RUN_ARGS)

check: setup
	@echo '== check: ruff'
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)
	@echo '== check: mypy'
	$(BIN)/mypy $(CHECKED)
	@echo '== check: floors'
	$(BIN)/lint-imports --no-logo
	@echo '== check: licences'
	$(BIN)/python -m release.licences
	@echo '== check: tsc'
	cd web && npm run --silent types
	@echo '== check: eslint'
	cd web && npm run --silent lint

licences: setup
	$(BIN)/python -m release.licences

sbom: setup
	$(BIN)/python -m release.sbom dist/segel.cdx.json

tools:
	@.ci/tools

unit: setup
	$(PYTEST) tests/core tests/server/sfu tests/architecture tests/release
	cd web && npm run --silent unit

test:
	@started=$$(date +%s); \
	if $(MAKE) steps; then verdict=passed; else verdict=FAILED; fi; \
	echo "== test: $$verdict after $$(( $$(date +%s) - started )) s"; \
	[ $$verdict = passed ]

steps: setup tools
	@$(MAKE) check
	@echo '== test: Python'
	$(PYTEST)
	@echo '== test: TypeScript'
	cd web && npm run --silent test
ifneq ($(E2E),)
	@$(MAKE) web
	@echo '== test: real browsers'
	cd web && npm run --silent e2e
endif

bench: web
	@for each in $(BENCHES); do \
	  echo "== bench: $$each"; $(BIN)/python -m bench.$$each $(BENCH_ARGS); done

docs: setup
	$(BIN)/python -m segel.core.wire.tables > docs/protocol/messages.md
	$(BIN)/python -m segel.server.ledger.page > docs/keeps.md
	$(BIN)/python -m tests.core.mls.requirements.page > docs/requirements/mls.md
	$(BIN)/python -m segel.apps.manual > docs/commands.md
	$(BIN)/pytest tests/architecture/test_docs.py

lock:
	cd requirements && for each in runtime terminal dev; do \
	  $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 \
	    --generate-hashes --no-annotate --no-header --no-emit-index-url \
	    --exclude-newer '$(BEFORE)' $$each.in -o $$each.txt; done
	cd web && npm install --package-lock-only --before='$(BEFORE)'
	$(BIN)/python -m release.cutoff '$(BEFORE)'

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache \
	  web/node_modules src/segel/server/static dist
