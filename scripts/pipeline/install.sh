#!/bin/sh
# Install the packages of the program: the files whose hashes are in toolchain.txt, and no others.
set -eu
cd "$(dirname "$0")/../.."

python3 -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r toolchain.txt
