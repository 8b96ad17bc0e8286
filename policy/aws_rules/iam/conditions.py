"""Which conditions of a statement narrow who may use it."""

from collections.abc import Iterator

from aws_rules.iam.document import Statement

# IAM User Guide, global condition keys: each names an account, an organisation, a resource or a network of one.
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
# Amazon S3 User Guide, The meaning of "public": with one of these, a policy is not.
NOT_PUBLIC = CALLER | {"aws:sourceip", "aws:userid", "s3:dataaccesspointaccount", "s3:dataaccesspointarn"}
# What a service encrypts says on whose behalf it does so.
ENCRYPTS = "kms:encryptioncontext:"
EVERYTHING = frozenset({"*", "0.0.0.0/0", "::/0"})


def names_caller(statement: Statement) -> bool:
    """Return whether a condition names who may call."""
    return not CALLER.isdisjoint(_limiting(statement))


def is_not_public(statement: Statement) -> bool:
    """Return whether a condition names the callers or the networks that they call from."""
    return not NOT_PUBLIC.isdisjoint(_limiting(statement))


def names_source(statement: Statement) -> bool:
    """Return whether a condition names on whose behalf a service calls."""
    return any(key in CALLER or key.startswith(ENCRYPTS) for key in _limiting(statement))


def _limiting(statement: Statement) -> Iterator[str]:
    """Return the keys of conditions with values that do not admit everything."""
    return (key for key, values in statement.conditions.items() if EVERYTHING.isdisjoint(values))
