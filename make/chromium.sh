#!/bin/sh
# The browser tests drive a Chromium of the machine. Install Debian's where that needs no question;
# elsewhere say what to run and go on: the browser tests will then fail, the others not.
set -u

for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done

apt() {
    DEBIAN_FRONTEND=noninteractive apt-get -qq \
        -o Acquire::http::Timeout=30 -o DPkg::Lock::Timeout=60 "$@" >/dev/null 2>&1
}

install() {
    apt -y --no-install-recommends install chromium
}

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the browser tests (first time only) ..."
    install || { apt update && install; } && exit 0
fi
echo "The browser tests need Chromium. On Debian run: sudo apt-get install chromium" >&2
