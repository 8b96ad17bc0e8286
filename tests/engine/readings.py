"""What a reader of the documents runs, in which order, and what the pages cannot know."""

from collections.abc import Mapping
from typing import NamedTuple

DEPLOY = "docs/deploy.md"
FIRST = "From nothing to a connected client"
DESTROY = "Destroy"
THEIR_TABLE = "remote-mcp-of-another-team"
# The pages tell of the stack of production, and the reader has the stack ``dev``.
_STACK = {"--stack prod": "--stack dev", "remote-mcp-prod": "remote-mcp-dev"}
# Commands that ask before they change something, and the reader has no terminal.
_ASKING = ("disable-client", "enable-client", "revoke-issued-before", "rotate-signing-key")
_OPERATOR = {**_STACK, **{command: f"{command} --yes" for command in _ASKING}}
_CLIENT = {**_OPERATOR, " CLIENT": ' "$CLIENT"'}
_SIGNING_KEY = '"$(pulumi stack output signing_key_arn)"'
_MAKE_TABLE = f"""aws dynamodb create-table --table-name {THEIR_TABLE} --billing-mode PAY_PER_REQUEST \\
  --attribute-definitions AttributeName=pk,AttributeType=S --key-schema AttributeName=pk,KeyType=HASH"""
_INVITE = """INITIAL_ACCESS_TOKEN=$(.venv/bin/python -m admin --stack dev make-initial-token --days 1)
export INITIAL_ACCESS_TOKEN"""
_REGISTER = """INITIAL=$(.venv/bin/python -m admin --stack dev make-initial-token --days 1)
CLIENT=$(curl -sS "$(pulumi stack output registration_url)" -H 'Content-Type: application/json' \\
  -H "Authorization: Bearer $INITIAL" -d '{"grant_types":["client_credentials"]}' | jq -r .client_id)"""


class Reading(NamedTuple):
    """A section of a page, and what its reader adds.

    ``words`` are what the reader puts in the place of others, ``answer`` is what the reader types when a command asks,
    and ``before`` runs first: what the page takes for granted.
    """

    page: str
    section: str
    words: Mapping[str, str] = {}
    answer: str = ""
    before: str = ":"


# In this order, after the first section of the first page. Each starts with the stack as that section leaves it.
READINGS = (
    Reading(DEPLOY, "Where the state lives"),
    Reading(DEPLOY, "Several environments and accounts"),
    Reading(DEPLOY, "A domain of your own"),
    Reading(DEPLOY, "Upgrade"),
    Reading(DEPLOY, "Roll back", {"TAG": "deployed-before"}),
    Reading(DEPLOY, "Adopt existing resources", before=_MAKE_TABLE),
    Reading(DEPLOY, "Outputs"),
    Reading("docs/permissions.md", "Permissions to deploy"),
    Reading(
        "docs/operations.md",
        "Invite clients",
        {**_STACK, "--days 7": "--days 7 >invitation", "revoke-initial-token ": "revoke-initial-token <invitation "},
    ),
    Reading("docs/operations.md", "Set the identity provider's client secret", _STACK, answer="another secret\n"),
    Reading("docs/operations.md", "Rotate the signing key", _OPERATOR),
    Reading("docs/runbook.md", "Something is wrong"),
    Reading("docs/runbook.md", "See who has access to what", _CLIENT, before=_REGISTER),
    Reading("docs/runbook.md", "A client misbehaves, or its secret has leaked", _CLIENT, before=_REGISTER),
    Reading("docs/runbook.md", "Credentials may have leaked, and nobody knows which", _OPERATOR),
    Reading("docs/runbook.md", "The signing key has leaked", _OPERATOR),
    Reading("docs/encryption.md", "Encrypt with a key of your own", {"ARN": _SIGNING_KEY}),
    Reading("docs/release.md", "Release step by step", {**_STACK, "--wait 300": "--wait 1"}),
    Reading("docs/connect.md", "curl", {**_STACK, "https://mcp.example.com": '"$(pulumi stack output url)"'}),
    Reading("docs/connect.md", "Check every client"),
    Reading("docs/restore.md", "Restore the table", _STACK, before=_INVITE),
)
# Sections that only choose settings, and a preview of all of them.
SETTINGS = (
    Reading("docs/context.md", "Scopes"),
    Reading("docs/network.md", "Networks that may connect"),
    Reading("docs/release.md", "Limit concurrency"),
    Reading("docs/release.md", "Keep functions initialized"),
)
# Blocks that are not run, by page and beginning, with the reason and what holds them instead.
NOT_RUN: Mapping[tuple[str, str], str] = {
    (DEPLOY, "python3.14 -m venv"): (
        "it would take away the environment of the tests; tests/unit/project/test_pages.py compares what it installs"
    ),
    (DEPLOY, "pulumi login\n"): (
        "Pulumi Cloud is on the internet and wants an account; the reader logs in to a directory, and later to a bucket"
    ),
    ("docs/authoring.md", "make up"): "tests/examples starts stacks with the tools of examples, and calls them",
    ("docs/authoring.md", "make dev"): "tests/local/test_dev.py runs what it runs, and edits a tool",
    (
        "docs/authoring.md",
        ".venv/bin/python -m pytest tests/app",
    ): "tests/unit/project/test_tool_pages.py runs what it runs",
    ("docs/bill-by-hand.md", ""): "tests/unit/admin/cost/test_pages.py has the same workloads",
    (
        "docs/component.md",
        "pulumi package add",
    ): "its Python host comes with a full installation of Pulumi; tests/engine/package has the rest",
    ("docs/connect.md", "claude mcp add "): "a program of Anthropic's",
    ("docs/connect.md", "npx @modelcontextprotocol/inspector\n"): "a program of the MCP project's",
    ("docs/connect.md", "URL=https://mcp.example.com\n\n# Register a client that redirects"): (
        "a user has to approve in a browser; tests/e2e/login does all of it"
    ),
    ("docs/connect.md", "pulumi config set --path upstream.issuer ISSUER"): "docs/deploy.md has the same",
    ("docs/connect.md", "curl -sS ISSUER/.well-known"): "it asks an identity provider on the internet",
    ("docs/evidence.md", "aws cloudtrail validate-logs"): "the emulator has no files of a trail",
    ("docs/new.md", ""): "tests/engine/test_new.py runs pulumi new",
    ("docs/operations.md", ".venv/bin/python -m admin --stack prod list-secrets"): (
        "the shipped tools need no secret; tests/e2e/test_app_secrets.py has some that do"
    ),
    ("docs/performance.md", "make bench"): "it measures for minutes",
    ("docs/pipeline.md", ""): "GitHub runs some; tests/engine and tests/infra/test_deployer_example.py run the others",
    ("docs/policy.md", ""): "tests/engine/test_policy.py gives the pack to the real CLI",
    (
        "docs/reach.md",
        "pulumi config set --path 'app:subnets",
    ): "the app of the tests asks for no subnets; tests/infra/needs/test_settings.py reads such settings",
    ("docs/restore.md", "aws dynamodb list-backups"): "the table is there, so no backup of its last state is",
    ("docs/restore.md", "aws secretsmanager list-secrets --include-planned-deletion"): (
        "the stack dev deletes its secrets at once; tests/drill loses the key of a protected stack, and restores it"
    ),
    ("docs/scaling.md", ""): "tests/unit/admin/cost/test_pages.py draws its curves",
    ("docs/security.md", "pulumi config set edgeKeyGeneration 2"): (
        "tests/infra/test_edge_cloudfront.py holds what a generation changes; the emulator has no rollout to wait for"
    ),
    ("docs/runbook.md", ".venv/bin/python -m admin --stack prod remove-user"): (
        "no user has signed in to this stack; tests/e2e/test_incidents.py has users"
    ),
    ("docs/upgrade.md", ""): "tests/unit/project/test_upgrade.py takes releases into a copy",
}


def is_not_run(page: str, text: str) -> bool:
    return any(page == named and text.startswith(beginning) for named, beginning in NOT_RUN)
