"""The extras that a requirements file requests.

pip-requirements-parser could read it, but follows files that include each other until Python's stack ends.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pulumi
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

# As pip reads the file: a comment or an option starts the line or follows white space.
CONTINUATION = re.compile(r"\\\n")
COMMENT = re.compile(r"(^|\s+)#.*$")
OPTION = re.compile(r"\s+-.*$")
INCLUDE = re.compile(r"(?:-r\s*|--requirement(?:\s+|=))(?P<file>.+)$")


def read_extras(file: Path, markers: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Return the extras that ``file`` and its included files request, by canonical name, where ``markers`` hold.

    Return an empty dict if ``file`` does not exist. Raise ``pulumi.RunError`` if an included file does not exist.
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in _lines(file, set()) if file.exists() else ():
        try:
            requirement = Requirement(OPTION.sub("", line))
        except InvalidRequirement:
            # A path, a URL or an option of pip has no name that extras could belong to.
            continue
        if requirement.marker is None or requirement.marker.evaluate(dict(markers)):
            found[canonicalize_name(requirement.name)] |= requirement.extras
    return {name: frozenset(extras) for name, extras in found.items()}


def _lines(file: Path, seen: set[Path]) -> Iterator[str]:
    """Return the lines of a requirements file and of its included files, each file once."""
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
