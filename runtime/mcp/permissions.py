"""What a tool may not do."""

from collections.abc import Mapping
from typing import Final

# What AWS services answer to whom they do not permit something.
DENIED: Final = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "AuthorizationErrorException",
        "UnauthorizedOperation",
    }
)


def lacks_permission(error: BaseException) -> bool:
    """Whether AWS refused a call for lack of a permission. The errors of boto3, which is not imported, tell."""
    response = getattr(error, "response", None)
    told = response.get("Error") if isinstance(response, Mapping) else None
    return isinstance(told, Mapping) and told.get("Code") in DENIED
