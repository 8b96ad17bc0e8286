"""The extras that a requirements file asks for."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pulumi
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

# As pip reads the file: a comment begins the line or follows white space, and so does an option.
CONTINUATION = re.compile(r"\\\n")
COMMENT = re.compile(r"(^|\s+)#.*$")
OPTION = re.compile(r"\s+-.*$")
INCLUDE = re.compile(r"(?:-r\s*|--requirement(?:\s+|=))(?P<file>.+)$")


def requested_extras(file: Path, markers: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """The extras that ``file``, and what it includes, asks for where ``markers`` hold, by canonical name.

    None where there is no such file. Raises ``pulumi.RunError`` for an included one that does not exist.
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in _lines(file, set()) if file.exists() else ():
        try:
            requirement = Requirement(OPTION.sub("", line))
        except InvalidRequirement:
            # A path, a URL or an option of pip's own: no name that extras could belong to.
            continue
        if requirement.marker is None or requirement.marker.evaluate(dict(markers)):
            found[canonicalize_name(requirement.name)] |= requirement.extras
    return {name: frozenset(extras) for name, extras in found.items()}


def _lines(file: Path, seen: set[Path]) -> Iterator[str]:
    """The lines of a requirements file and of those that it includes, each file once."""
    seen.add(file.resolve())
    for raw in CONTINUATION.sub("", file.read_text(encoding="utf-8-sig")).splitlines():
        line = COMMENT.sub("", raw).strip()
        include = INCLUDE.match(line)
        if include is None:
            yield line
            continue
        included = file.parent / include["file"]
        if not included.exists():
            raise pulumi.RunError(f"{file.name} includes {include['file']}, which does not exist.")
        if included.resolve() not in seen:
            yield from _lines(included, seen)
