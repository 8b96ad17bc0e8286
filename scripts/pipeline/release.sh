#!/bin/sh
# With release: canary, give the new versions of $STACK their requests step by step. Then delete old versions.
set -eu
cd "$(dirname "$0")/../.."

if [ "$(pulumi config get release --stack "$STACK" 2>/dev/null)" = canary ]; then
    .venv/bin/python -m admin --stack "$STACK" release
fi
.venv/bin/python -m admin --stack "$STACK" prune-versions
