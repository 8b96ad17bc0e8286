"""The paths of the route table as regular expressions of AWS WAF."""

import re
from collections.abc import Iterable, Sequence

from components.firewall.managed import Tolerance
from runtime.routes import Route

# One path segment, which API Gateway puts for a parameter.
PARAMETER = re.compile(r"\\\{\w+\\\}")
# AWS WAF, quotas.
LONGEST = 512


def tolerating(tolerance: Tolerance, routes: Sequence[Route]) -> list[str]:
    """Return the paths where requests may trigger the rules of a tolerance."""
    match tolerance:
        case Tolerance.NOWHERE:
            return []
        case Tolerance.ROUTES:
            return _paths(routes)
        case Tolerance.FREE_TEXT:
            return _paths(route for route in routes if route.free_text)
        case Tolerance.TOOLS:
            return _paths(route for route in routes if route.free_text and route.protected)


def path_of(schema: str, routes: Sequence[Route]) -> str:
    """Return the path of the route whose requests match a schema. Raise ``LookupError`` if there is none."""
    for route in routes:
        if route.schema == schema:
            return route.path
    raise LookupError(schema)


def pattern(paths: Iterable[str], stage_name: str | None) -> str:
    """Return what matches exactly the ``paths``, also below the name of a stage, and also with a slash at the end.

    Raise ``ValueError`` if it is longer than AWS WAF allows.
    """
    prefix = f"(/{re.escape(stage_name)})?" if stage_name else ""
    alternatives = "|".join(PARAMETER.sub("[^/]+", re.escape(path.strip("/"))) for path in paths)
    text = f"^{prefix}/({alternatives})/?$"
    if len(text) > LONGEST:
        raise ValueError(f"the firewall's pattern has {len(text)} characters; AWS WAF allows {LONGEST}")
    return text


def _paths(routes: Iterable[Route]) -> list[str]:
    return list(dict.fromkeys(route.path for route in routes))
