#!/bin/sh
# The browser tests drive a Chromium of the machine, through Playwright's own Node, which needs
# libatomic. Install Debian's where that needs no question; elsewhere say what to run and go on: the
# browser tests will then fail, the others not.
set -u

missing=chromium
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && missing=
done
.venv/bin/python -m playwright --version >/dev/null 2>&1 || missing="$missing libatomic1"
[ -z "$missing" ] && exit 0

apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -qq \
        -o Acquire::http::Timeout=30 -o DPkg::Lock::Timeout=60 "$@" >/dev/null 2>&1
}

install() {
    # shellcheck disable=SC2086 # several words
    apt -y --no-install-recommends install $missing
}

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the browser tests (first time only) ..."
    install || { apt update && install; } && exit 0
fi
echo "The browser tests need Chromium. On Debian run: sudo apt-get install" $missing >&2
