"""What a docstring says of a function and of its parameters."""

from collections.abc import Mapping

import msgspec


class Documentation(msgspec.Struct, frozen=True):
    """The description of a function, and those of its parameters by name."""

    description: str
    parameters: Mapping[str, str]


def read_docstring(text: str) -> Documentation:
    """Read a docstring in Google, NumPy, reST or Epydoc style."""
    # Needed to list tools, not to call one: a call need not pay for the import.
    from docstring_parser import parse  # noqa: PLC0415

    parsed = parse(text)
    parameters = {parameter.arg_name: parameter.description or "" for parameter in parsed.params}
    return Documentation((parsed.description or text).strip(), parameters)
