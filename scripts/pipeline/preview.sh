#!/bin/sh
# Say what an update of $STACK would change: in the log, in the summary of the run, and in the output "text".
set -eu
cd "$(dirname "$0")/../.."

shown=$(mktemp)
trap 'rm -f "$shown"' EXIT
status=0
pulumi preview --stack "$STACK" --diff --non-interactive --color never --suppress-progress >"$shown" 2>&1 || status=$?
cat "$shown"
python3 scripts/pipeline/report.py "Preview of $STACK" "$status" <"$shown"
exit "$status"
