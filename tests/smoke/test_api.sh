#!/bin/sh
# Walk through a deployment as a client would: discover, register, get a token, use the server, leave.
# Usage: tests/smoke/test_api.sh URL      URL is the stack output `url`, locally http://localhost:8080
# Needs curl and jq. AUTHORIZER_CACHE_SECONDS (default 60) is how long a deleted client may go on. INITIAL_ACCESS_TOKEN is
# sent at registration: a client that acts for itself needs one where people log in (`python -m admin make-initial-token`).
set -eu

[ $# -eq 1 ] || { echo "usage: $0 URL" >&2; exit 2; }
for tool in curl jq; do
    command -v "$tool" >/dev/null || { echo "$0: $tool is needed" >&2; exit 2; }
done
url=${1%/}
cache=${AUTHORIZER_CACHE_SECONDS:-60}
initial=${INITIAL_ACCESS_TOKEN:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0

# call STATUS NAME CURL-ARGUMENT...   the answer's body is then in $work/body, its headers in $work/headers
call() {
    expected=$1 name=$2
    shift 2
    status=$(curl -sS -o "$work/body" -D "$work/headers" -w '%{http_code}' --max-time 60 "$@") ||
        fail "$name: no answer"
    [ "$status" = "$expected" ] || fail "$name: status $status instead of $expected: $(head -c 400 "$work/body")"
}

# holds NAME JQ-FILTER   the filter must be true of the last body
holds() {
    jq -e "$2" "$work/body" >/dev/null || fail "$1: $2 does not hold of $(head -c 400 "$work/body")"
    passed=$((passed + 1))
    echo "ok    $1"
}

fail() {
    echo "FAIL  $1" >&2
    exit 1
}

mcp() { # mcp STATUS NAME TOKEN MESSAGE
    call "$1" "$2" "$url/mcp" -H "Authorization: Bearer $3" -H 'Content-Type: application/json' \
        -H 'Accept: application/json, text/event-stream' -H 'MCP-Protocol-Version: 2025-11-25' -d "$4"
}

call 401 'challenge' "$url/mcp" -H 'Content-Type: application/json' -d '{}'
grep -qi '^www-authenticate: Bearer resource_metadata="' "$work/headers" ||
    fail 'challenge: no WWW-Authenticate with resource_metadata'
holds 'a request without a token gets the challenge' '.error'

call 200 'resource metadata' "$url/.well-known/oauth-protected-resource/mcp"
holds 'the protected resource metadata names this server' ".resource == \"$url/mcp\""
call 200 'server metadata' "$url/.well-known/oauth-authorization-server"
holds 'the authorization server metadata names this issuer' ".issuer == \"$url\""
token_endpoint=$(jq -r .token_endpoint "$work/body")
registration_endpoint=$(jq -r .registration_endpoint "$work/body")

# The header is read from a file, so that no list of processes shows the token.
: >"$work/proof"
[ -z "$initial" ] || printf 'Authorization: Bearer %s\n' "$initial" >"$work/proof"
call 201 'register' "$registration_endpoint" -H 'Content-Type: application/json' -H "@$work/proof" \
    -d '{"client_name":"smoke test","grant_types":["client_credentials"]}'
holds 'a client registers' '.client_id and .client_secret and .registration_access_token'
client_id=$(jq -r .client_id "$work/body")
client_secret=$(jq -r .client_secret "$work/body")
management=$(jq -r .registration_client_uri "$work/body")
management_token=$(jq -r .registration_access_token "$work/body")

call 200 'token' "$token_endpoint" -u "$client_id:$client_secret" -d grant_type=client_credentials -d "resource=$url/mcp"
holds 'the client gets a token' '.access_token and .token_type == "Bearer"'
token=$(jq -r .access_token "$work/body")

mcp 200 'initialize' "$token" '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2024-11-05","capabilities":{},"clientInfo":{"name":"smoke","version":"1"}}}'
holds 'initialize negotiates the revision' '.result.protocolVersion == "2024-11-05"'
mcp 202 'initialized' "$token" '{"jsonrpc":"2.0","method":"notifications/initialized"}'
mcp 200 'tools/list' "$token" '{"jsonrpc":"2.0","id":2,"method":"tools/list"}'
holds 'tools/list shows tools with schemas' '.result.tools | length > 0 and all(.inputSchema.type == "object")'
tool=$(jq -r 'first(.result.tools[] | select((.inputSchema.required // []) == []) | .name) // empty' "$work/body")
if [ -n "$tool" ]; then
    message=$(jq -cn --arg name "$tool" '{jsonrpc: "2.0", id: 3, method: "tools/call", params: {name: $name, arguments: {}}}')
    mcp 200 'tools/call' "$token" "$message"
    holds "tools/call runs $tool" '.result.content'
else
    echo 'skip  tools/call: every tool needs arguments'
fi

call 200 'read client' "$management" -H "Authorization: Bearer $management_token"
holds 'the client reads its registration, without a secret' '.client_id and (has("client_secret") | not)'
call 401 'read client without token' "$management"
holds 'nobody else reads it' '.error == "invalid_token"'
call 204 'delete client' -X DELETE "$management" -H "Authorization: Bearer $management_token"
call 401 'token of a deleted client' "$token_endpoint" -u "$client_id:$client_secret" -d grant_type=client_credentials
holds 'a deleted client gets no more tokens' '.error == "invalid_client"'

# The gateway keeps the authorizer's answer per token, so a token may go on for that long.
waited=0
while status=$(curl -sS -o "$work/body" -w '%{http_code}' "$url/mcp" -H "Authorization: Bearer $token" \
    -H 'Content-Type: application/json' -d '{"jsonrpc":"2.0","id":4,"method":"ping"}') && [ "$status" != 401 ]; do
    [ "$waited" -le "$((cache + 10))" ] || fail "the token of a deleted client still works after $waited s"
    sleep 2
    waited=$((waited + 2))
done
holds 'the token of a deleted client is refused' '.error'
echo "$passed checks passed"
