#!/bin/sh
# Check out the commit of the last update of $STACK.
set -eu
cd "$(dirname "$0")/../.."

deployed=$(scripts/pipeline/deployed-commit.sh)
if [ -z "$deployed" ]; then
    echo "::error::$STACK was never updated from a checkout"
    exit 1
fi
git checkout --quiet --detach "$deployed"
