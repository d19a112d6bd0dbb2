#!/bin/sh
# Run every test suite under coverage, go on after a failure, end with the total.
# A test that hangs ends its suite: faulthandler_timeout in pyproject.toml.
set -u
trap 'exit 130' INT
python=.venv/bin/python
failed=

suite() {
    name=$1
    shift
    echo "== $name tests"
    "$python" -m coverage run -m pytest --quiet "$@" || failed="$failed $name"
}

"$python" -m coverage erase
suite fast tests/architecture tests/unit tests/contract
suite integration tests/integration
suite system tests/system
suite browser tests/browser

echo "== coverage"
"$python" -m coverage combine --quiet
"$python" -m coverage report || failed="$failed coverage"

if [ -n "$failed" ]; then
    echo "Failed:$failed" >&2
    exit 1
fi
echo "All suites passed."
