# The suites of make/suites.sh. The longest comes first, so that none is left to run alone at the end;
# who fails adds its name to the file $(FAILED).

SUITES := integration system browser fast
PYTEST := .venv/bin/python -m pytest --quiet

.PHONY: all $(SUITES)
all: $(SUITES)

fast: ARGUMENTS := tests/architecture tests/unit tests/contract
# asyncio's debug mode doubles the time of a test beside a server; the fast tests run in it.
integration system browser: ARGUMENTS = -o asyncio_debug=false -m 'not proof' tests/$@

$(SUITES):
	@echo "== $@ tests"
	@$(PYTEST) $(ARGUMENTS) || { echo $@ >>$(FAILED); exit 1; }
