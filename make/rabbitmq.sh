#!/bin/sh
# The split shape and the tests of the bus run a RabbitMQ of their own, from the programs of the
# machine. Install Debian's where that needs no question; elsewhere say what to run and go on: what
# needs a broker will then say so.
set -u

has_rabbitmq() {
    [ -n "${SPLIT_RABBITMQ_HOME:-}" ] || [ -n "${HUBBUB_TEST_AMQP_URL:-}" ] ||
        ls /usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server >/dev/null 2>&1
}

apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -qq \
        -o Acquire::http::Timeout=30 -o DPkg::Lock::Timeout=60 "$@" >/dev/null 2>&1
}

install() {
    apt -y --no-install-recommends install rabbitmq-server
}

# Only the programs are wanted. A policy of exit 101 keeps Debian from starting its own node.
policy=/usr/sbin/policy-rc.d

forbid_starting() {
    trap allow_starting EXIT
    trap 'exit 130' INT TERM HUP
    # One that is kept already was there before a run that was killed.
    [ -e "$policy" ] && [ ! -e "$policy.kept" ] && mv "$policy" "$policy.kept"
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
}

allow_starting() {
    rm -f "$policy"
    [ -e "$policy.kept" ] && mv "$policy.kept" "$policy"
    # Nor when the machine starts.
    command -v systemctl >/dev/null 2>&1 &&
        systemctl disable rabbitmq-server.service epmd.socket >/dev/null 2>&1
}

has_rabbitmq && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing RabbitMQ for the tests and the split shape (first time only) ..."
    forbid_starting
    install || { apt update && install; } && exit 0
fi
echo "The bus needs RabbitMQ. On Debian run: sudo apt-get install rabbitmq-server" >&2
