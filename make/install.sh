#!/bin/sh
# usage: make/install.sh REQUIREMENTS
# Install what is pinned in that file into .venv, then the project itself as it lies here.
set -eu
make/pip.sh --require-hashes -r "$1"
make/pip.sh --no-deps --no-build-isolation --editable .
