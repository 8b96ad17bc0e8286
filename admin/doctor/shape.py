"""The shape of the metadata documents (RFC 9728 2, RFC 8414 2), as far as the doctor reads them."""

from collections.abc import Iterable, Mapping
from typing import Any

from jsonschema import Draft202012Validator

_URL = {"type": "string", "pattern": r"^https?://(\[::1\]|[^\s/?#@\[\]]+)(/\S*)?$"}
_NAMES = {"type": "array", "items": {"type": "string"}}
_URLS = ("resource", "issuer", "authorization_endpoint", "token_endpoint", "registration_endpoint", "jwks_uri")
_LISTS = (
    "scopes_supported",
    "grant_types_supported",
    "response_types_supported",
    "code_challenge_methods_supported",
    "token_endpoint_auth_methods_supported",
)
_DOCUMENT = Draft202012Validator(
    {
        "type": "object",
        "properties": {
            **dict.fromkeys(_URLS, _URL),
            **dict.fromkeys(_LISTS, _NAMES),
            "authorization_servers": {"type": "array", "items": _URL},
        },
    }
)
_IS_URL = Draft202012Validator(_URL)


def is_url(text: object) -> bool:
    """Whether the doctor can send a request there."""
    return _IS_URL.is_valid(text)


def problem(document: Mapping[str, Any], needed: Iterable[str]) -> str | None:
    """Say what is wrong with a document, ``None`` if it has all that is ``needed``."""
    if missing := [member for member in needed if not document.get(member)]:
        return f"200 without {', '.join(missing)}"
    wrong = {str(error.absolute_path[0]) for error in _DOCUMENT.iter_errors(document)}
    return f"200 with a malformed {', '.join(sorted(wrong))}" if wrong else None
