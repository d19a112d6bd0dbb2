#!/bin/sh
# usage: make/wire.sh FOLDER
# Make in FOLDER what `make ws-conformance` needs beside the project: an environment with a second
# WebSocket implementation, and the archive of the cases. Both are pinned by hash.
set -eu
folder=$1
rm -rf "$folder"
.venv/bin/python -m venv "$folder"

pip() {
    "$folder/bin/python" -m pip -qq \
        --disable-pip-version-check --no-input --timeout 30 --retries 3 "$@"
}

pip install --require-hashes -r requirements/wire.txt
pip download --require-hashes --no-deps --no-binary :all: --no-build-isolation \
    --dest "$folder/cases" -r requirements/wire-cases.txt
