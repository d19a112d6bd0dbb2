# The suites of make/suites.sh. The longest comes first, so that none is left to run alone at the end;
# who fails adds its name to the file $(FAILED).

SUITES := apart integration system browser fast
PYTEST := .venv/bin/python -m pytest --quiet

.PHONY: all $(SUITES)
all: $(SUITES)

# Tests of the whole that start and break programs of their own: half of the time, mostly waiting.
APART := $(addprefix tests/system/,split demo test_broken_builds.py test_crash_points.py \
	test_promise.py test_rolling.py)
apart: ARGUMENTS = -o asyncio_debug=false $(APART)
system: ARGUMENTS = -o asyncio_debug=false tests/system $(addprefix --ignore=,$(APART))

fast: ARGUMENTS := tests/architecture tests/unit tests/contract
# asyncio's debug mode doubles the time of a test beside a server; the fast tests run in it.
integration browser: ARGUMENTS = -o asyncio_debug=false tests/$@

# In the others the product runs in processes of its own, of which coverage would see nothing.
fast integration: PYTEST := .venv/bin/python -m coverage run -m pytest --quiet

$(SUITES):
	@echo "== $@ tests"
	@$(PYTEST) $(ARGUMENTS) || { echo $@ >>$(FAILED); exit 1; }
