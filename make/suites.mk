# The suites of make/suites.sh. The longest comes first, so that none is left to run alone at the end;
# who fails adds its name to the file $(FAILED).

SUITES := integration browser system promises parts auth fast
PYTEST := .venv/bin/python -m pytest --quiet

.PHONY: all $(SUITES)
all: $(SUITES)

fast: ARGUMENTS := tests/architecture tests/unit tests/contract
# asyncio's debug mode doubles the time of a test beside a server; the fast tests run in it.
integration parts system promises browser auth: ARGUMENTS = -o asyncio_debug=false -m 'not proof' $(TESTS)
# Pieces, so that no suite is much longer than the others: what auth does; what holds Postgres, RabbitMQ
# and whole sets of processes, which mostly waits; what starts processes of its own to break them or to
# look into them.
AUTH := tests/integration/auth
PARTS := $(addprefix tests/integration/,bus fleet nodes split)
PROMISES := $(addprefix tests/system/,access conformance demo erasure split tomorrow)
auth: TESTS = $(AUTH)
parts: TESTS = $(PARTS)
promises: TESTS = $(PROMISES)
integration: TESTS = tests/integration $(addprefix --ignore=,$(AUTH) $(PARTS))
system: TESTS = tests/system $(addprefix --ignore=,$(PROMISES))
browser: TESTS = tests/browser

$(SUITES):
	@echo "== $@ tests"
	@$(PYTEST) $(ARGUMENTS) || { echo $@ >>$(FAILED); exit 1; }
