"""The names of AWS resources, which start with the names of project and stack, and what AWS allows in them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

# What every service allows. Others allow more characters than Lambda, SNS and CloudWatch dashboards.
ALLOWED = re.compile(r"[A-Za-z0-9_-]")
# Pulumi appends a hyphen and 7 hexadecimal digits to the name that it is given.
SUFFIX = "-0123456"


class LongName(NamedTuple):
    """The longest name of a ``kind`` of resource, without the prefix, and how many characters AWS allows."""

    kind: str
    name: str
    limit: int


# The kinds that leave the least room. A test compares all resources of the program with the limits of their services.
LONGEST = (LongName("a Lambda function", "authorizer", 64), LongName("an IAM role", "authorizer", 64))


def prefix_of(name: str, stack: str) -> str:
    """Return what the names of all resources of a server start with. The one of this project has the project's name."""
    return f"{name}-{stack}"


def wrong_names(name: str, stack: str, what: str) -> Iterator[str]:
    """Report names of a server and a stack from which AWS would refuse a name. ``what`` is named like the server."""
    prefix = prefix_of(name, stack)
    made_of = f"{prefix!r}, made of the {what} {name!r} and the stack {stack!r},"
    strangers = sorted(set(ALLOWED.sub("", prefix)))
    if strangers:
        yield (
            f"{made_of} contains {' '.join(map(repr, strangers))}, but the names of resources start with it; "
            "allowed: letters, digits, hyphens and underscores"
        )
    for kind, longest, limit in LONGEST:
        full = f"{prefix}-{longest}{SUFFIX}"
        if len(full) > limit:
            excess = len(full) - limit
            yield (
                f"{made_of} is too long by {_characters(excess)}: with it, {kind} would be called {full!r}, which has "
                f"{_characters(len(full))}; allowed: at most {limit}, so {len(prefix) - excess} for {what} and stack "
                "with the hyphen between them"
            )


def _characters(count: int) -> str:
    return f"{count} character{'' if count == 1 else 's'}"


def strict_name(prefix: str, name: str) -> str:
    """Return a name of lower case letters, digits and single hyphens, for services that allow nothing else."""
    return re.sub("[^a-z0-9]+", "-", f"{prefix}-{name}".lower()).strip("-")
