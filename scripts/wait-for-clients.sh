#!/bin/sh
# Wait until clients can use a stack, as the doctor sees it, and print its report.
#
# Usage: scripts/wait-for-clients.sh STACK
#
# WAIT_SECONDS (default 900) is how long the script waits for the URL, PAUSE_SECONDS (default 15) how long between two
# looks. The exit status is 0 if every client comes through. Where no identity provider is set, it is no failure that no
# user can sign in.
set -eu
cd "$(dirname "$0")/.."

url=$(pulumi stack output mcp_url --stack "$1")
users=$(pulumi stack output identity_provider --stack "$1" 2>/dev/null) || users=

# works   whether clients come through
works() {
    report=$(.venv/bin/python -m admin doctor "$url" 2>&1) && return
    case $report in *'error: '*) return 1 ;; esac
    reached=yes
    [ -z "$users" ] && ! printf '%s\n' "$report" | grep '^FAIL' | grep -qv 'no user can sign in'
}

echo "Waiting for $url" >&2
# CloudFront needs minutes for a new distribution, and some of its locations have it before others.
deadline=$(($(date +%s) + ${WAIT_SECONDS:-900}))
reached='' looks=3
until works; do
    [ -z "$reached" ] || looks=$((looks - 1))
    if [ "$looks" -eq 0 ] || [ "$(date +%s)" -ge "$deadline" ]; then
        echo "$report" >&2
        exit 1
    fi
    sleep "${PAUSE_SECONDS:-15}"
done
echo "$report" >&2
