"""The names by which Lambda functions are called."""

import re
from typing import Final, NamedTuple

# AWS Lambda API, Invoke, FunctionName: a name, a partial or a whole ARN, each with or without a version or alias.
_FORM: Final = re.compile(
    r"(?:arn:(?P<partition>aws[a-z-]*):lambda:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):function:"
    r"|(?P<owner>\d{12}):function:)?"
    r"(?P<name>[A-Za-z0-9_-]{1,64})(?::(?P<qualifier>\$LATEST|[A-Za-z0-9_-]{1,128}))?"
)
RULE: Final = "a function is named by its name or ARN, with a version or alias behind a colon if it has one"


class FunctionName(NamedTuple):
    """A function and its ``qualifier``, a version or an alias. What is ``None`` is that of the caller."""

    name: str
    qualifier: str | None
    account: str | None
    region: str | None
    partition: str | None

    @property
    def target(self) -> str:
        """The ``FunctionName`` of an invocation."""
        owner = f"{self.account}:function:" if self.account else ""
        if self.region:
            owner = f"arn:{self.partition}:lambda:{self.region}:{owner}"
        return owner + self._name_and_qualifier

    def arn(self, partition: str, region: str, account: str) -> str:
        """Return the ARN that a permission to invoke it names, as called from this place.

        IAM compares it with what the invocation names: without a qualifier, it permits no version and no alias.
        """
        return (
            f"arn:{self.partition or partition}:lambda:{self.region or region}:{self.account or account}"
            f":function:{self._name_and_qualifier}"
        )

    @property
    def _name_and_qualifier(self) -> str:
        return f"{self.name}:{self.qualifier}" if self.qualifier else self.name


def parse_function_name(text: str, qualifier: str | None = None) -> FunctionName:
    """Return what a text names, with a ``qualifier`` that is not part of it. Raise ``ValueError``."""
    found = _FORM.fullmatch(f"{text}:{qualifier}" if qualifier else text)
    if found is None:
        raise ValueError(RULE)
    name, stated, account, owner, region, partition = found.group(
        "name", "qualifier", "account", "owner", "region", "partition"
    )
    return FunctionName(name, stated, account or owner, region, partition)
