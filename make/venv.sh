#!/bin/sh
# usage: make/venv.sh PYTHON
# Make .venv with that Python, or say in one line what this machine lacks. A .venv that works stays.
set -eu
python=$1
needs="Hubbub needs Python 3.11 or newer"

stop() {
    echo "$1" >&2
    exit 1
}

usable() {
    [ -x .venv/bin/python ] &&
        .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null &&
        .venv/bin/python -m pip --version >/dev/null 2>&1
}

usable && exit 0

command -v "$python" >/dev/null 2>&1 ||
    stop "$needs and finds no '$python': install it, or name yours, as in PYTHON=python3.12."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "$needs, '$python' is $("$python" -V 2>&1): name a newer one, as in PYTHON=python3.12."
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    stop "Python cannot make environments: install python3-venv (apt-get install python3-venv)."

echo "Making a virtual environment in .venv (first time only) ..."
rm -rf .venv
"$python" -m venv .venv
