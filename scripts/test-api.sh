#!/bin/sh
# Walk through a deployment as a machine client does: discover, register, get a token, use the server, leave.
#
# Usage: scripts/test-api.sh URL     the stack output `url` or `mcp_url`; locally http://localhost:8080
#
# INITIAL_ACCESS_TOKEN        is sent at registration, where only invited clients register
# TOOL, TOOL_ARGUMENTS        the tool to call, and its arguments as JSON; by default the first tool that needs none
# AUTHORIZER_CACHE_SECONDS    how long a deleted client's token may go on (default 60)
#
# It needs curl and jq. It prints one line a step and no secret, and deletes its client in any case. The exit status is 0
# if every step passes, 1 if one fails, 2 for wrong usage or if a program is missing.
set -eu

refuse() {
    echo "$0: $1" >&2
    exit 2
}

[ $# -eq 1 ] || refuse "usage: $0 URL"
for program in curl jq; do
    command -v "$program" >/dev/null || refuse "$program is needed"
done
url=${1%/}
url=${url%/mcp}
case $url in
https://?* | http://localhost | http://localhost[:/]* | http://127.0.0.1 | http://127.0.0.1[:/]*) ;;
*) refuse 'URL must be an https URL, or http on localhost or 127.0.0.1' ;;
esac
arguments=${TOOL_ARGUMENTS:-\{\}}
cache=${AUTHORIZER_CACHE_SECONDS:-60}
passed=0
management=
work=$(mktemp -d)
trap 'leave' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# curl reads credentials from files in here, so that no list of processes shows them. Quoted as JSON, an answer cannot add
# an option of curl.
bearer='"header = " + ("Authorization: Bearer " + . | tojson)'
: >"$work/invitation"
[ -z "${INITIAL_ACCESS_TOKEN:-}" ] ||
    INITIAL_ACCESS_TOKEN=$INITIAL_ACCESS_TOKEN jq -nr "env.INITIAL_ACCESS_TOKEN | $bearer" >"$work/invitation"
unset INITIAL_ACCESS_TOKEN

# leave   deletes the client that is still there, and what is written down of it
leave() {
    [ -z "$management" ] ||
        curl -s -o "$work/body" -X DELETE --max-time 60 --config "$work/registration" "$management" ||
        echo "warning: the client at $management could not be deleted" >&2
    rm -rf "$work"
}

fail() {
    echo "FAIL  $1" >&2
    exit 1
}

# reason   what an error says of itself; a body as a whole may hold a secret
reason() {
    jq -r '[.error | if type == "object" then .message else . end, .error_description, .message]
        | map(strings) | join(": ") | .[:300]' "$work/body" 2>"$work/errors" || echo 'no JSON'
}

# call STATUS STEP CURL-ARGUMENT...   the body of the answer is then in $work/body, its headers are in $work/headers
call() {
    expected=$1 step=$2
    shift 2
    status=$(curl -sS -o "$work/body" -D "$work/headers" -w '%{http_code}' --max-time 60 "$@" 2>"$work/errors") ||
        fail "$step: no answer ($(head -n 1 "$work/errors"))"
    [ "$status" = "$expected" ] || fail "$step: status $status instead of $expected ($(reason))"
}

# holds STEP JQ-FILTER   the filter must be true of the last body
holds() {
    jq -e "$2" "$work/body" >"$work/truth" 2>"$work/errors" || fail "$1: $2 does not hold"
    passed=$((passed + 1))
    echo "ok    $1"
}

# below URL STEP   credentials go to this server only
below() {
    case $1 in "$url"/*) ;; *) fail "$2: $1 is not below $url" ;; esac
}

# rpc STATUS STEP MESSAGE   one message to the MCP endpoint
rpc() {
    call "$1" "$2" "$url/mcp" --config "$work/access" -H 'Content-Type: application/json' \
        -H 'Accept: application/json, text/event-stream' -H 'MCP-Protocol-Version: 2025-11-25' -d "$3"
}

call 401 'challenge' "$url/mcp" -H 'Content-Type: application/json' -d '{}'
grep -qi '^www-authenticate: Bearer resource_metadata="' "$work/headers" ||
    fail 'challenge: no WWW-Authenticate with resource_metadata'
holds 'challenge: a request without a token gets it' '.error'

call 200 'resource metadata' "$url/.well-known/oauth-protected-resource/mcp"
holds 'resource metadata: it names this server' ".resource == \"$url/mcp\""
call 200 'server metadata' "$url/.well-known/oauth-authorization-server"
holds 'server metadata: it names this issuer' ".issuer == \"$url\""
token_endpoint=$(jq -r .token_endpoint "$work/body")
registration_endpoint=$(jq -r '.registration_endpoint // empty' "$work/body")
[ -n "$registration_endpoint" ] || fail 'register: nobody can register here (registration is closed)'
below "$token_endpoint" 'token'
below "$registration_endpoint" 'register'

[ -s "$work/invitation" ] || echo 'note  register: without INITIAL_ACCESS_TOKEN'
call 201 'register' "$registration_endpoint" --config "$work/invitation" -H 'Content-Type: application/json' \
    -d '{"client_name":"test-api.sh","grant_types":["client_credentials"]}'
jq -r ".registration_access_token | $bearer" "$work/body" >"$work/registration"
jq -r '"user = " + (.client_id + ":" + .client_secret | tojson)' "$work/body" >"$work/client"
management=$(jq -r '.registration_client_uri // empty' "$work/body")
below "$management" 'register'
holds 'register: a client registers' '.client_id and .client_secret and .registration_access_token'

call 200 'token' "$token_endpoint" --config "$work/client" -d grant_type=client_credentials -d "resource=$url/mcp"
holds 'token: the client gets one' '.access_token and .token_type == "Bearer"'
jq -r ".access_token | $bearer" "$work/body" >"$work/access"

rpc 200 'initialize' '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2024-11-05","capabilities":{},"clientInfo":{"name":"test-api.sh","version":"1"}}}'
holds 'initialize: it negotiates the revision' '.result.protocolVersion == "2024-11-05"'
has_resources=$(jq -r '.result.capabilities | has("resources")' "$work/body")
rpc 202 'initialized' '{"jsonrpc":"2.0","method":"notifications/initialized"}'

rpc 200 'tools/list' '{"jsonrpc":"2.0","id":2,"method":"tools/list"}'
holds 'tools/list: tools have schemas' '.result.tools | length > 0 and all(.inputSchema.type == "object")'
tool=${TOOL:-$(jq -r 'first(.result.tools[] | select((.inputSchema.required // []) == []) | .name) // empty' "$work/body")}
if [ -n "$tool" ]; then
    jq -e --arg name "$tool" 'any(.result.tools[]; .name == $name)' "$work/body" >"$work/truth" ||
        fail "tools/call: there is no tool $tool"
    message=$(jq -cn --arg name "$tool" --argjson arguments "$arguments" \
        '{jsonrpc: "2.0", id: 3, method: "tools/call", params: {name: $name, arguments: $arguments}}')
    rpc 200 'tools/call' "$message"
    holds "tools/call: $tool runs" '.result.content and (.result.isError // false | not)'
else
    echo 'skip  tools/call: every tool needs arguments; set TOOL and TOOL_ARGUMENTS'
fi

uri=
if [ "$has_resources" = true ]; then
    rpc 200 'resources/list' '{"jsonrpc":"2.0","id":4,"method":"resources/list"}'
    holds 'resources/list: it lists resources' '.result.resources | type == "array"'
    uri=$(jq -r '.result.resources[0].uri // empty' "$work/body")
fi
if [ -n "$uri" ]; then
    message=$(jq -cn --arg uri "$uri" '{jsonrpc: "2.0", id: 5, method: "resources/read", params: {uri: $uri}}')
    rpc 200 'resources/read' "$message"
    holds "resources/read: $uri has contents" '.result.contents | length > 0'
else
    echo 'skip  resources/read: the server has no resource for this client'
fi

call 200 'read client' "$management" --config "$work/registration"
holds 'read client: without a secret' '.client_id and (has("client_secret") | not)'
call 401 'read client without a token' "$management"
holds 'read client: nobody else can' '.error == "invalid_token"'
call 204 'delete client' -X DELETE "$management" --config "$work/registration"
management=
call 401 'token of a deleted client' "$token_endpoint" --config "$work/client" -d grant_type=client_credentials
holds 'delete client: it gets no more tokens' '.error == "invalid_client"'

# API Gateway keeps the answer of the authorizer per token, so a token may go on for that long.
waited=0
while status=$(curl -sS -o "$work/body" -w '%{http_code}' --max-time 60 "$url/mcp" --config "$work/access" \
    -H 'Content-Type: application/json' -d '{"jsonrpc":"2.0","id":6,"method":"ping"}' 2>"$work/errors") &&
    [ "$status" != 401 ]; do
    [ "$waited" -le "$((cache + 10))" ] || fail "delete client: its token still works after $waited s"
    sleep 2
    waited=$((waited + 2))
done
holds 'delete client: its token is refused' '.error'
echo "$passed checks passed"
