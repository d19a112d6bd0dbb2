# The suites of make/suites.sh. The longest comes first, so that none is left to run alone at the end;
# who fails adds its name to the file $(FAILED).

SUITES := system integration browser auth fast
PYTEST := .venv/bin/python -m pytest --quiet

.PHONY: all $(SUITES)
all: $(SUITES)

fast: ARGUMENTS := tests/architecture tests/unit tests/contract
# asyncio's debug mode doubles the time of a test beside a server; the fast tests run in it.
integration system browser auth: ARGUMENTS = -o asyncio_debug=false -m 'not proof' $(TESTS)
integration: TESTS = tests/integration --ignore=$(AUTH)
system browser: TESTS = tests/$@
# A third of the integration tests, so that no suite is much longer than the others.
AUTH := tests/integration/auth
auth: TESTS = $(AUTH)

$(SUITES):
	@echo "== $@ tests"
	@$(PYTEST) $(ARGUMENTS) || { echo $@ >>$(FAILED); exit 1; }
