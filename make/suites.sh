#!/bin/sh
# Run every test suite, two at a time, and show each as one block when it ends; go on after a failure,
# end with the coverage. A test that hangs ends its suite: faulthandler_timeout in pyproject.toml.
set -u
python=.venv/bin/python
failed=$(mktemp)
trap 'rm -f "$failed"' EXIT
trap 'exit 130' INT

# A make that cannot keep the suites' words apart runs one after the other.
together=
make --version | grep -q '^GNU Make [4-9]' && together='--jobs=2 --output-sync=target'

"$python" -m coverage erase
echo "Running five suites of tests, two at a time; each is shown when it ends ..."
# Without what the make that runs this has told it about jobs.
env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
    make -f make/suites.mk --keep-going --silent $together FAILED="$failed" ||
    [ -s "$failed" ] || echo suites >>"$failed"

echo "== coverage"
"$python" -m coverage combine --quiet
"$python" -m coverage report || echo coverage >>"$failed"

if [ -s "$failed" ]; then
    echo "Failed: $(tr '\n' ' ' <"$failed")" >&2
    exit 1
fi
echo "All suites passed."
