"""Turning verified claims into a user, and checking the stack's policy for who may log in."""

import logging
import re
from collections.abc import Mapping
from typing import Any, Final

from runtime.login.provider.identity import NotAllowed, ProviderRefused, User
from runtime.settings import IdentityProviderSettings

logger = logging.getLogger(__name__)

LONGEST_SUBJECT: Final = 255
LONGEST_TEXT: Final = 320
# Entra ID has no email_verified. Its optional claim xms_edov says that the owner of the address's domain was verified.
# Without it, an address in Entra ID is whatever was typed into the directory.
VERIFIES_EMAIL: Final = ("email_verified", "xms_edov")
# RFC 5321 4.1.2 and RFC 6531 3.3, without quoted forms: nobody uses them, and they can contain another address.
ADDRESS: Final = re.compile(r'[^\s@"(),:;<>\[\\\]]+@([^\s@"(),:;<>\[\\\]]+)')
# Google verifies an address once, when the account is created. Only for the domain in "hd" and for its own domain does
# Google know who owns the address today.
GOOGLE: Final = "https://accounts.google.com"
GOOGLE_DOMAIN: Final = "gmail.com"


def is_complete(claims: Mapping[str, Any], settings: IdentityProviderSettings) -> bool:
    """Whether the claims have everything that the settings need, so the userinfo endpoint is not needed."""
    wanted = {settings.subject_claim}
    if "email" in settings.scopes or settings.allowed_email_domains:
        wanted.add("email")
    if settings.allowed_groups:
        wanted.add(settings.groups_claim)
    vouched = not settings.allowed_email_domains or any(claims.get(claim) is not None for claim in VERIFIES_EMAIL)
    return vouched and wanted <= claims.keys()


def combine_claims(id_claims: Mapping[str, Any], userinfo: Mapping[str, Any]) -> dict[str, Any]:
    """Combine the claims of the ID token and of the userinfo endpoint; the signed ones win.

    The e-mail address and whether it is verified come from the same source. If either source says that the address is
    not verified, it is not.
    """
    claims = {**userinfo, **id_claims}
    vouched = "email" in id_claims and any(id_claims.get(claim) is not None for claim in VERIFIES_EMAIL)
    source = id_claims if vouched or "email" not in userinfo else userinfo
    for claim in ("email", *VERIFIES_EMAIL):
        claims.pop(claim, None)
        if claim in source:
            claims[claim] = source[claim]
    for claim in VERIFIES_EMAIL:
        if any(_is_denied(place, claim) for place in (id_claims, userinfo)):
            claims[claim] = False
    return claims


def admit_user(claims: Mapping[str, Any], settings: IdentityProviderSettings) -> User:
    """Return the user of the claims, or raise ``NotAllowed`` by the policy, ``ProviderRefused`` without a subject."""
    subject = claims.get(settings.subject_claim)
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise ProviderRefused("the identity provider did not send a valid user ID")
    _check_email(claims, settings)
    _check_groups(claims, settings)
    name = _text(claims, "name") or _text(claims, "preferred_username")
    address = _address(claims)
    return User(subject, name, address[0] if address else None)


def _check_email(claims: Mapping[str, Any], settings: IdentityProviderSettings) -> None:
    if not settings.allowed_email_domains:
        return
    denied = any(_is_denied(claims, claim) for claim in VERIFIES_EMAIL)
    if denied or not any(_is_true(claims.get(claim)) for claim in VERIFIES_EMAIL):
        raise _log_refusal("no verified e-mail address", "the identity provider did not verify your e-mail address")
    domain = _domain(claims)
    if domain not in settings.allowed_email_domains:
        raise _log_refusal("e-mail domain", "your e-mail address is not in an allowed domain")
    if settings.issuer == GOOGLE and domain != GOOGLE_DOMAIN:
        hosted = claims.get("hd")
        allowed = isinstance(hosted, str) and hosted.isascii() and hosted.lower() in settings.allowed_email_domains
        if not allowed:
            raise _log_refusal("hd", "your Google account does not belong to an allowed organisation")


def _is_true(value: Any) -> bool:
    """Some providers send booleans as strings; Entra ID also sends numbers."""
    return value is True or (isinstance(value, str | int) and str(value).lower() in ("true", "1"))


def _is_denied(claims: Mapping[str, Any], claim: str) -> bool:
    """Whether a claim is present and not true (OpenID Connect Core 1.0, 5.3.2: ``null`` counts as omitted)."""
    return claims.get(claim) is not None and not _is_true(claims[claim])


def _domain(claims: Mapping[str, Any]) -> str | None:
    """Return the domain of the e-mail address in lower case, ``None`` without an address or with a non-ASCII domain."""
    address = _address(claims)
    # A letter that is not ASCII can have an ASCII lower case.
    return address[1].lower() if address and address[1].isascii() else None


def _check_groups(claims: Mapping[str, Any], settings: IdentityProviderSettings) -> None:
    if not settings.allowed_groups:
        return
    groups = claims.get(settings.groups_claim, [])
    # Some providers send a single group as a string.
    names = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
    if not any(group in settings.allowed_groups for group in names if isinstance(group, str)):
        # OpenID Connect Core 1.0, 5.6.2: Entra ID sends this instead of more groups than fit into a token.
        distributed = claims.get("_claim_names")
        elsewhere = isinstance(distributed, dict) and settings.groups_claim in distributed
        reason = "too many groups for the token" if elsewhere else "group"
        raise _log_refusal(reason, "you are not in an allowed group")


def _log_refusal(reason: str, message: str) -> NotAllowed:
    """Log which rule refused the user, and return the error to raise, with a message for the user."""
    logger.warning("a user is not allowed to log in", extra={"reason": reason})
    return NotAllowed(message)


def _address(claims: Mapping[str, Any]) -> re.Match[str] | None:
    """Return the e-mail address; ``None`` if it is not valid, too long, or has invisible characters."""
    email = claims.get("email")
    if not isinstance(email, str) or len(email) > LONGEST_TEXT or not email.isprintable():
        return None
    return ADDRESS.fullmatch(email)


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    return value[:LONGEST_TEXT] if isinstance(value, str) and value and value.isprintable() else None
