#!/bin/sh
# Fail if AWS is not what the checked out program makes of it: somebody changed it, or the last update failed.
set -eu
cd "$(dirname "$0")/../.."

shown=$(mktemp)
trap 'rm -f "$shown"' EXIT
status=0
pulumi preview --stack "$STACK" --refresh --expect-no-changes --diff --non-interactive --color never \
    --suppress-progress >"$shown" 2>&1 || status=$?
cat "$shown"
python3 scripts/pipeline/report.py "Drift of $STACK" "$status" <"$shown"
exit "$status"
