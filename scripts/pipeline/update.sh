#!/bin/sh
# Update $STACK to this commit. With REFRESH=true, compare its state with AWS first.
#
# The update starts with a preview, which is where the protection of resources stops it.
set -eu
cd "$(dirname "$0")/../.."

refresh=
if [ "${REFRESH:-false}" = true ]; then
    refresh=--refresh
fi
pulumi up --stack "$STACK" --yes --diff --non-interactive --color never --suppress-progress $refresh
{
    echo "### $STACK is at $(git rev-parse --short HEAD)"
    echo
    echo "MCP endpoint: $(pulumi stack output mcp_url --stack "$STACK")"
} >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
