"""What ``pulumi up`` changes in a stack of the last release, each with the line of the changelog that says so.

Empty it when a version is released.
"""

from collections.abc import Mapping

from tests.engine.engine import Changes

# Each version has other code. Its users see nothing of the change: an alias moves from one version to the next.
OF_EVERY_VERSION = ("aws:lambda/function:Function ", "aws:lambda/alias:Alias ")
# The start of type and name of resources, by what happens to them, and a text that is in CHANGELOG.md under Unreleased.
ANNOUNCED: Mapping[str, Mapping[str, str]] = {
    "create": {"remote-mcp:index:RemoteMcpServer ": "`pulumi up` creates the new component and nothing else"},
    "update": {},
    "replace": {},
    "delete": {},
}


def unannounced(changes: Changes) -> list[str]:
    """Return the changes that no release makes by itself and the changelog does not announce."""
    found = {
        "create": changes.created,
        "update": {name for name in changes.updated if not name.startswith(OF_EVERY_VERSION)},
        "replace": changes.replaced,
        "delete": changes.deleted,
    }
    return sorted(
        f"{verb} {name}" for verb, names in found.items() for name in names if not name.startswith((*ANNOUNCED[verb],))
    )
