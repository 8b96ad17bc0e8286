"""Which conditions of a statement narrow who may use it."""

from aws_rules.iam.document import Statement

# IAM User Guide, global condition keys: each names an account, an organisation, a resource or a network.
CALLER = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "kms:calleraccount",
    }
)
# For a service, also what it encrypts says on whose behalf it does so.
ENCRYPTS = "kms:encryptioncontext:"


def is_narrowed(statement: Statement, *, service: bool = False) -> bool:
    """Return whether a condition names the caller, or for a ``service`` on whose behalf it calls."""
    return any(
        (key in CALLER or (service and key.startswith(ENCRYPTS))) and "*" not in values
        for key, values in statement.conditions.items()
    )
