#!/bin/sh
# Print the commit of the last update of $STACK, or nothing before the first one.
#
# The Pulumi CLI notes the commit of the checkout with each update.
set -eu

history=$(pulumi stack history --stack "$STACK" --json --page-size 20)
printf '%s' "$history" |
    jq --raw-output '[.[] | select(.kind == "update")][0].environment["git.head"] // empty'
