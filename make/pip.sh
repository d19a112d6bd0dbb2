#!/bin/sh
# usage: make/pip.sh ARGUMENT ...
# Run pip install in .venv, speaking only of errors. A download that stands still for 30 s is tried
# again.
set -eu
exec .venv/bin/python -m pip -qq \
    --disable-pip-version-check --no-input --timeout 30 --retries 3 install "$@"
