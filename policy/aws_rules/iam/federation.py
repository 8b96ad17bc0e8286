"""Which users and jobs of an identity provider may assume a role."""

import re
from collections.abc import Iterator

from aws_rules.iam.document import TRUST, Statement, allowing
from aws_rules.resource import Resource
from aws_rules.rule import Finding, Maker, Settings

# Whoever has an account there gets a token, so the audience alone says nothing about who asks.
SHARED = ("token.actions.githubusercontent.com", "gitlab.com", "app.terraform.io", "agent.buildkite.com")
# The first part names the owner: repo:*, repo:*/app:*, project_path:*
ANYBODY = re.compile(r"\*.*|[a-z_]+:\*.*")


@Maker(name="iam-federated-trust-names-its-subjects", kinds=TRUST)
def federation(role: Resource, settings: Settings) -> Iterator[Finding]:
    """Trust policies for an identity provider say which of its users or jobs may assume the role."""
    for statement in allowing(role, TRUST):
        for kind, provider in statement.principals:
            if kind == "Federated" and not _chooses(statement, provider):
                yield Finding(
                    role,
                    f"{statement.place}.Condition",
                    f"admits everybody who has an account at {provider.rpartition('oidc-provider/')[2]}",
                    "add a condition on its sub that names the organisation, repository and branch, or the user",
                    provider,
                )


def _chooses(statement: Statement, provider: str) -> bool:
    claims = ("sub",) if any(host in provider for host in SHARED) else ("sub", "aud", "amr", "iss")
    chosen = [values for key, values in statement.conditions.items() if key.rpartition(":")[2] in claims]
    return any(not any(ANYBODY.fullmatch(value) for value in values) for values in chosen)
