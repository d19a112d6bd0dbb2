# Everything this project can do, as verbs. `make run` and `make test` need Python 3.11 and make;
# they install the rest, once, into .venv (and .node) beside this file.

PYTHON ?= python3
ARGS ?=

PY := .venv/bin/python
WEB := clients/web
WEB_PACKAGES := $(WEB)/node_modules/.package-lock.json
# The OpenID provider that tests log in with.
OIDC := tests/support/oidc
OIDC_PACKAGES := $(OIDC)/node_modules/.package-lock.json
# Folders are in the list too: their time changes when a file in them goes away.
WEB_SOURCES := \
	$(wildcard $(addprefix $(WEB)/,index.html package*.json *.ts tsconfig*.json)) \
	$(shell find $(WEB)/src $(WEB)/public 2>/dev/null)
WEB_TESTS := $(WEB)/biome.json $(shell find $(WEB)/tests docs/schemas docs/transcripts)
WEB_CHECKED := $(WEB)/node_modules/.checked
DIST := $(WEB)/dist/index.html
# An editable install names this very folder, so a copied or moved tree is installed anew.
HERE := $(shell pwd | cksum | cut -d ' ' -f 1)
FOR_RUN := .venv/.run-$(HERE)
FOR_TEST := .venv/.test-$(HERE)

KILLS ?= 10
MINUTES ?= 2
MESSAGES ?= 100
SEED ?= 1
SEEDS ?= 5
ROOMS ?= 200
MEMBERS ?= 5
SECONDS ?= 20
SHAPE ?= split
URL ?= http://127.0.0.1:8000
chaos chaos-embedded: PER_SECOND ?= 200
bench: PER_SECOND ?= 1000
CROWD = --shape $(SHAPE) --rooms $(ROOMS) --members $(MEMBERS) --seconds $(SECONDS)

PYTEST := $(PY) -m pytest --quiet

# Two at a time: pip beside npm the first time, types beside tests in `make check`.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += --jobs=2
endif
MAKEFLAGS += --no-builtin-rules --no-print-directory
TOGETHER := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: help run seed demo split split-status up test proofs check check-deploy unit integration system browser \
	coverage format lint types chaos faults crash-points conformance chaos-embedded bench bench-limit big overload fuzz hostile measure-web \
	ws-conformance web web-check docs screens pins setup clean erasure-proof

help: ## Show this list
	@awk -F ':.*## ' '\
		/^## / { printf "\n%s\n", substr($$0, 4) } \
		/^[a-z-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' Makefile

## Use

# exec: the program itself gets Ctrl-C and gives the exit status.
run: $(FOR_RUN) $(DIST) ## Start Hubbub on this machine (PORT=9000 chooses the port)
	@exec $(PY) -m services run

demo: $(FOR_RUN) $(DIST) ## Start Hubbub full of people and talk, in ./data-demo, with things to try
	@exec $(PY) -m services.demo run

seed: $(FOR_RUN) ## Fill ./data with demo people, rooms and three weeks of talk (ARGS='--share 0.1')
	@exec $(PY) -m services.demo seed $(ARGS)

split: $(FOR_RUN) $(DIST) ## Start every service as a process of its own, over RabbitMQ
	@make/rabbitmq.sh
	@exec $(PY) -m services split

split-status: $(FOR_RUN) ## Show which of those processes live
	@$(PY) -m services split-status

up: $(FOR_RUN) ## Start everything in containers: make the secrets once, build, wait until it works
	@deploy/up.sh

clean: ## Remove everything that make made; never ./data, ./data-demo, ./data-split
	@rm -rf .venv .node .tools build htmlcov *.egg-info $(WEB)/dist $(WEB)/node_modules $(OIDC)/node_modules
	@rm -rf .coverage .coverage.* .hypothesis .*_cache
	@find libs services clients tests -name __pycache__ -prune -exec rm -rf {} +

## Test

test: setup $(DIST) $(OIDC_PACKAGES) ## Check and test everything, browser included
	@make/chromium.sh
	@make/rabbitmq.sh
	@$(MAKE) $(TOGETHER) lint types web-check
	@make/suites.sh

proofs: setup $(DIST) ## Break and kill things for longer: the tests that `make test` leaves out (ARGS='-k kill')
	@make/chromium.sh
	@make/rabbitmq.sh
	@$(PYTEST) -o asyncio_debug=false -m proof tests/integration tests/system tests/browser $(ARGS)

check: setup ## Check everything that takes no server; the web client when something of it has changed
	@$(MAKE) $(TOGETHER) .half $(if $(wildcard $(WEB_PACKAGES)),$(WEB_CHECKED)) .rest types lint
	@echo "All checks passed."

check-deploy: setup ## Check what is in deploy/ with the tools that are there; say which are not
	@deploy/check.sh

# `unit` in two halves of about the same length, for two processors. They keep their bytecode, even
# where the environment says otherwise: to compile all anew each time is a tenth of what they take.
.half .rest: KEEPING := env -u PYTHONDONTWRITEBYTECODE

.half:
	@$(KEEPING) $(PYTEST) tests/unit --ignore=tests/unit/gateway

.rest:
	@$(KEEPING) $(PYTEST) tests/architecture tests/contract tests/unit/gateway

unit: setup ## Run the tests that need nothing outside (ARGS='-k replay' chooses)
	@$(PYTEST) tests/architecture tests/unit tests/contract $(ARGS)

integration: setup $(OIDC_PACKAGES) ## Run the tests against real parts
	@make/rabbitmq.sh
	@$(PYTEST) tests/integration $(ARGS)

system: setup $(DIST) ## Run the tests against the whole, in both shapes
	@make/rabbitmq.sh
	@$(PYTEST) tests/system $(ARGS)

erasure-proof: setup $(DIST) ## Erase marked people, and kill services meanwhile; show where nothing is left
	@make/rabbitmq.sh
	@$(PYTEST) -s -o asyncio_debug=false tests/system/erasure $(ARGS)

browser: setup $(DIST) ## Run the tests in a browser
	@make/chromium.sh
	@$(PYTEST) tests/browser $(ARGS)

chaos: setup ## Break parts of the split shape while people talk (MINUTES=2 PER_SECOND=200 SEED=1)
	@make/rabbitmq.sh
	@$(PY) -m tests.chaos.split --minutes $(MINUTES) --per-second $(PER_SECOND) --seed $(SEED)

faults: setup ## Break each part alone, with several seeds; a table (SEEDS=5 ARGS='--faults kill')
	@make/rabbitmq.sh
	@$(PY) -m tests.chaos.table --seeds $(SEEDS) $(ARGS)

conformance: setup ## Hold a server against chat.v1 (URL=http://127.0.0.1:8000 ARGS='--only P12')
	@$(PY) -m tests.conformance --url $(URL) $(ARGS)

crash-points: setup ## Kill a service at each named point, for each kind of command (ARGS='--points rooms')
	@make/rabbitmq.sh
	@$(PY) -m tests.chaos.crashes.run $(ARGS)

chaos-embedded: setup ## Kill the one program while people talk (KILLS=10 PER_SECOND=200 SEED=1)
	@$(PY) -m tests.chaos.embedded --kills $(KILLS) --per-second $(PER_SECOND) --seed $(SEED)

bench: setup ## Measure latency and cost (SHAPE=split PER_SECOND=1000 ROOMS=200 MEMBERS=5 SECONDS=20)
	@$(if $(filter split,$(SHAPE)),make/rabbitmq.sh)
	@$(PY) -m tests.bench.load --per-second $(PER_SECOND) $(CROWD)

bench-limit: setup ## Measure the most it takes, against bare inserts (SHAPE=embedded ROOMS=200 ...)
	@$(if $(filter split,$(SHAPE)),make/rabbitmq.sh)
	@$(PY) -m tests.bench.limit $(CROWD)

big: setup ## Measure a thousand rooms of one person and ten thousand members of one room (ARGS='--rooms 200')
	@$(PY) -m tests.bench.big $(ARGS)

overload: setup ## Ask a gateway for twice as much as it can do (ARGS='--readers 1000 --seconds 4')
	@$(PY) -m tests.bench.overload $(ARGS)

measure-web: setup $(DIST) ## Measure the web client: size, first message, scrolling, memory
	@make/chromium.sh
	@$(PY) -m tests.browser.measure

fuzz: setup .tools/fuzz/.made ## Throw chance at frames, sessions and sockets, led by coverage (MINUTES=2)
	@$(PY) -m tests.fuzz --minutes $(MINUTES) $(ARGS)

hostile: setup ## Attack a gateway in many ways while people talk; a table (ARGS='--only pings')
	@$(PY) -m tests.hostile $(ARGS)

ws-conformance: setup .tools/wire/.made ## Hold the sockets against the Autobahn test suite (MESSAGES=100)
	@$(PY) -m tests.ws_conformance --tools .tools/wire --messages $(MESSAGES)

coverage: setup $(OIDC_PACKAGES) ## List the lines that no unit, contract or integration test reaches (85 % at least are)
	@make/rabbitmq.sh
	@$(PY) -m coverage erase
	@$(PY) -m coverage run -m pytest --quiet -o asyncio_debug=false -m 'not proof' \
		tests/unit tests/contract tests/integration
	@$(PY) -m coverage combine --quiet
	@$(PY) -m coverage html --quiet --fail-under=0
	@$(PY) -m coverage report

## Write

setup: $(FOR_TEST) ## Install what checking and testing need

format: setup ## Format the code and mend what can be mended
	@$(PY) -m ruff format --quiet
	@$(PY) -m ruff check --quiet --fix-only

lint: setup ## Check format, style and the imports between packages
	@$(PY) -m ruff format --check --quiet
	@$(PY) -m ruff check --quiet
	@report=$$($(PY) .venv/bin/lint-imports --no-logo) || { echo "$$report"; exit 1; }

types: setup ## Check the types
	@$(PY) -m mypy

web: $(DIST) ## Build the web client

web-check: $(WEB_PACKAGES) ## Check and test the web client
	@make/npm.sh run --silent check

$(WEB_CHECKED): $(WEB_SOURCES) $(WEB_TESTS) $(WEB_PACKAGES)
	@$(MAKE) web-check
	@touch $@

docs: setup $(WEB_PACKAGES) ## Write what follows from the code: settings, permissions, schemas, types, routes, transcripts
	@$(PY) -m services settings > docs/settings.md
	@$(PY) -m services permissions > docs/permissions.md
	@$(PY) -m services.deployment routes > deploy/edge/routes.caddy
	@$(PY) -m services schemas docs/schemas
	@$(PY) -m tests.transcripts parts > docs/transcripts/parts.json
	@make/npm.sh run --silent types

screens: setup $(DIST) ## Take pictures of every screen (build/screens), and those of the README
	@make/chromium.sh
	@$(PY) -m tests.browser.screens build/screens docs/screens

pins: .tools/.uv ## Pin what pyproject.toml asks for (ARGS=--upgrade takes the newest)
	@make/pins.sh $(ARGS)

# What the verbs above need, each made once and again when its list changes.

.venv/.made:
	@make/venv.sh '$(PYTHON)'
	@touch $@

$(FOR_RUN): requirements/embedded.txt pyproject.toml | .venv/.made
	@echo "Installing Python packages (first time only) ..."
	@make/install.sh $<
	@touch $@

# dev.txt holds all of embedded.txt in the same versions.
$(FOR_TEST): requirements/dev.txt pyproject.toml | .venv/.made
	@echo "Installing Python packages for tests (first time only) ..."
	@make/install.sh $<
	@touch $(FOR_RUN) $@

$(WEB_PACKAGES): $(WEB)/package.json $(WEB)/package-lock.json | .venv/.made
	@echo "Installing the web client's packages (first time only) ..."
	@make/npm.sh ci >/dev/null
	@touch $@

$(OIDC_PACKAGES): $(OIDC)/package.json $(OIDC)/package-lock.json | .venv/.made
	@echo "Installing an OpenID provider for tests (first time only) ..."
	@FOLDER=$(OIDC) make/npm.sh ci >/dev/null
	@touch $@

$(DIST): $(WEB_SOURCES) | $(WEB_PACKAGES)
	@echo "Building the web client ..."
	@make/npm.sh run --silent build -- --logLevel warn
	@touch $@

.tools/fuzz/.made: requirements/fuzz.txt | .venv/.made
	@echo "Installing the fuzzer (first time only) ..."
	@make/pip.sh --upgrade --target .tools/fuzz --require-hashes -r $<
	@touch $@

.tools/wire/.made: requirements/wire.txt requirements/wire-cases.txt make/wire.sh | .venv/.made
	@echo "Installing the Autobahn test suite (first time only) ..."
	@make/wire.sh .tools/wire
	@touch $@

.tools/.uv: requirements/uv.txt | .venv/.made
	@make/pip.sh --upgrade --target .tools --require-hashes -r $<
	@touch $@
