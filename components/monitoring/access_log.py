"""What lines of the access log tell about objectives: patterns of metric filters.

The access log writes all values as strings, and a numeric comparison is documented for numbers only. So a latency is
compared by a regular expression, of which CloudWatch Logs allows five in a log group.
"""

from collections.abc import Sequence

from components.monitoring.numerals import at_least, below

# The gateway refuses such a request if the token is missing or its cached decision says so; the mcp function refuses it
# if a scope is missing.
REFUSED = '{ ($.route = "/mcp") && (($.status = "401") || ($.status = "403")) }'
FAILED = '($.status = "5*")'
# A refusal (4xx) is neither a success nor a failure of the server: floods of bad requests would hide failures.
SERVED = '(($.status = "2*") || ($.status = "3*"))'
# The gateway answers a preflight by itself.
NO_PREFLIGHT = '($.method != "OPTIONS")'


def failures(routes: Sequence[str]) -> str:
    """Return the pattern of requests for routes that ended with a server error."""
    return _all(_any_route(routes), FAILED)


def successes(routes: Sequence[str]) -> str:
    """Return the pattern of requests for routes that succeeded."""
    return _all(_any_route(routes), NO_PREFLIGHT, SERVED)


def slow(routes: Sequence[str], milliseconds: int) -> str:
    """Return the pattern of requests that succeeded in ``milliseconds`` or more."""
    return _all(_any_route(routes), NO_PREFLIGHT, SERVED, f"($.latencyMs = %{at_least(milliseconds)}%)")


def quick(routes: Sequence[str], milliseconds: int) -> str:
    """Return the pattern of requests that succeeded in less than ``milliseconds``."""
    return _all(_any_route(routes), NO_PREFLIGHT, SERVED, f"($.latencyMs = %{below(milliseconds)}%)")


def _any_route(routes: Sequence[str]) -> str:
    conditions = [f'($.route = "{route}")' for route in routes]
    return f"({' || '.join(conditions)})" if len(conditions) > 1 else conditions[0]


def _all(*conditions: str) -> str:
    return f"{{ {' && '.join(conditions)} }}"
