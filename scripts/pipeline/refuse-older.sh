#!/bin/sh
# Fail if this commit is older than the deployed one of $STACK: somebody approved or repeated an old run.
#
# To go back, revert the commit: that makes a new one. A deployed commit that this branch does not have is no reason to
# fail, since it was deployed by hand and the branch counts.
set -eu
cd "$(dirname "$0")/../.."

deployed=$(scripts/pipeline/deployed-commit.sh)
head=$(git rev-parse HEAD)
if [ -z "$deployed" ] || [ "$deployed" = "$head" ]; then
    exit 0
fi
if ! git cat-file -e "$deployed^{commit}" 2>/dev/null; then
    echo "::warning::$STACK was deployed from $deployed, which this branch does not have"
elif git merge-base --is-ancestor "$head" "$deployed"; then
    echo "::error::$STACK is at $deployed, which is newer than $head; to go back, revert the commit"
    exit 1
fi
