#!/bin/sh
# Deploy a stack, wait until clients can use it, and print its URLs.
#
# Usage: scripts/deploy.sh [STACK] [--region REGION] [--secrets-provider URL] [--yes]
#
# STACK is created if it is not there; without it, the selected stack is deployed, or dev where none is selected.
# --region is saved in Pulumi.STACK.yaml. --secrets-provider counts for a stack that is created. --yes answers Pulumi's
# question. WAIT_SECONDS (default 900) is how long the script waits for the URL, PAUSE_SECONDS (default 15) how long
# between two looks.
#
# The exit status is 0 if clients come through, as the doctor sees it, 2 for wrong usage or if a program is missing,
# else that of the command that failed.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python

say() {
    echo "$1" >&2
}

refuse() {
    say "$0: $1"
    exit 2
}

stack='' region='' provider='' yes=''
while [ $# -gt 0 ]; do
    case $1 in
    --region | --secrets-provider)
        [ $# -ge 2 ] || refuse "$1 needs a value"
        [ "$1" = --region ] && region=$2 || provider=$2
        shift
        ;;
    --yes) yes=--yes ;;
    -*) refuse "there is no option $1; usage: $0 [STACK] [--region REGION] [--secrets-provider URL] [--yes]" ;;
    *)
        [ -z "$stack" ] || refuse "one stack at a time: $stack or $1"
        stack=$1
        ;;
    esac
    shift
done

command -v pulumi >/dev/null ||
    refuse 'the Pulumi CLI is missing: see https://www.pulumi.com/docs/iac/download-install/'
"$python" -c 'import boto3, msgspec, pulumi' 2>/dev/null ||
    refuse "$python or its packages are missing: python3.14 -m venv --clear .venv && $python -m pip install -r requirements.txt"
pulumi whoami --non-interactive >/dev/null 2>&1 ||
    refuse 'choose where the state lives: run pulumi login, or see docs/deploy.md#where-the-state-lives'

# Without a stack on the command line, the selected one counts.
[ -n "$stack" ] || stack=$(pulumi stack --show-name --non-interactive 2>/dev/null) || stack=dev
created=
if ! pulumi stack select "$stack" --non-interactive 2>/dev/null; then
    say "Creating the stack $stack"
    pulumi stack init "$stack" --non-interactive ${provider:+"--secrets-provider=$provider"} >&2
    created=yes
fi
[ -z "$region" ] || pulumi config set aws:region "$region" --stack "$stack"
region=$(pulumi config get aws:region --stack "$stack" 2>/dev/null) ||
    refuse "$stack has no region: add --region, such as --region eu-central-1"
profile=$(pulumi config get aws:profile --stack "$stack" 2>/dev/null) || profile=
[ -z "$profile" ] || export AWS_PROFILE="$profile"
"$python" -c 'import boto3; boto3.client("sts", region_name="us-east-1").get_caller_identity()' 2>/dev/null ||
    refuse 'AWS does not know you: sign in, for example with aws sso login, or set AWS_PROFILE'

if [ -n "$created" ]; then
    "$python" -m admin --region "$region" set-gateway-role ||
        say 'API Gateway may have no role to write logs with: see docs/permissions.md#share-an-account'
fi
pulumi up --stack "$stack" $yes

scripts/wait-for-clients.sh "$stack"

for output in url dashboard_url mcp_url; do
    printf '%-14s %s\n' "$output" "$(pulumi stack output "$output" --stack "$stack")"
done
# Tools fail that need a secret without a value.
if pulumi stack output app_secrets --stack "$stack" >/dev/null 2>&1; then
    "$python" -m admin --stack "$stack" list-secrets
fi
