#!/bin/sh
# usage: make/pins.sh [--upgrade]
# Resolve pyproject.toml into requirements/<extra>.txt: exact versions and the hashes of all their
# files, for every platform, naming no host. What is pinned stays unless --upgrade is given.
set -eu

compile() {
    name=$1
    shift
    .tools/bin/uv pip compile --quiet --no-config --system-certs \
        --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header \
        --output-file "requirements/$name.txt" $upgrade "$@"
    echo "requirements/$name.txt"
}

upgrade=${1-}
compile dev --extra embedded --extra client --extra dev pyproject.toml requirements/build.in
# What follows takes the versions of dev.txt, so that what was tested is what is shipped.
for extra in embedded auth rooms messages presence gateway; do
    compile "$extra" --extra "$extra" --constraint requirements/dev.txt \
        pyproject.toml requirements/build.in
done
compile node requirements/node.in
compile uv requirements/uv.in
compile fuzz requirements/fuzz.in
compile wire requirements/wire.in
