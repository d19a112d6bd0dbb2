#!/bin/sh
# Start everything in containers, from the root of the project: make up.
set -eu

stop() {
    echo "$1" >&2
    exit 1
}

command -v docker >/dev/null 2>&1 ||
    stop "make up needs Docker: https://docs.docker.com/engine/install. Without it, make run starts
Hubbub as one process and make split as one process for each service."
docker compose version >/dev/null 2>&1 ||
    stop "make up needs Docker's compose plugin: https://docs.docker.com/compose/install."
docker info >/dev/null 2>&1 ||
    stop "Docker does not answer: start it, or run this as somebody who may use it."

.venv/bin/python -m services.deployment secrets deploy/secrets
docker compose build
docker compose up --detach --wait
echo "Hubbub runs at ${HUBBUB_PUBLIC_URL:-http://localhost:8000}"
docker compose logs --no-log-prefix auth | grep 'Become the owner' | tail -n 1 || true
