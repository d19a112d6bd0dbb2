#!/bin/sh
# Run every test suite, four at a time, as they wait half of the time, and show each as one block when
# it ends; go on after a failure. A test that hangs ends its suite: faulthandler_timeout in pyproject.toml.
set -u
failed=$(mktemp)
trap 'rm -f "$failed"' EXIT
trap 'exit 130' INT

# A make that cannot keep the suites' words apart runs one after the other.
together=
make --version | grep -q '^GNU Make [4-9]' && together='--jobs=4 --output-sync=target'

echo "Running seven suites of tests, four at a time; each is shown when it ends ..."
# Without what the make that runs this has told it about jobs.
env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL \
    make -f make/suites.mk --keep-going --silent $together FAILED="$failed" ||
    [ -s "$failed" ] || echo suites >>"$failed"

if [ -s "$failed" ]; then
    echo "Failed: $(tr '\n' ' ' <"$failed")" >&2
    exit 1
fi
echo "All suites passed."
