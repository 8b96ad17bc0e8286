#!/bin/sh
# Install the packages of the program and those of your tools: the files whose hashes are in toolchain.txt and, if your
# tools need libraries, in toolchain-app.txt, and no others.
set -eu
cd "$(dirname "$0")/../.."

python3 -m venv .venv
set -- -r toolchain.txt
[ ! -f toolchain-app.txt ] || set -- "$@" -r toolchain-app.txt
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes "$@"
