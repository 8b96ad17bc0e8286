"""From verified claims to a user, and whether the stack's policy lets this user in."""

import logging
import re
from collections.abc import Mapping
from typing import Any, Final

from runtime.login.provider.identity import NotAllowed, ProviderRefused, User
from runtime.settings import IdentityProviderSettings

logger = logging.getLogger(__name__)

LONGEST_SUBJECT: Final = 255
LONGEST_TEXT: Final = 320
# Entra ID has no email_verified. Its optional claim xms_edov says the same: that the owner of the address's domain has
# been verified. Without it, an address there is what somebody typed into a directory.
VERIFIES_EMAIL: Final = ("email_verified", "xms_edov")
# RFC 5321 4.1.2 and RFC 6531 3.3, without the quoted forms: nobody has such an address, and they can hold another one.
ADDRESS: Final = re.compile(r'[^\s@"(),:;<>\[\\\]]+@([^\s@"(),:;<>\[\\\]]+)')
# Google verifies any address once, when an account is made with it. Only of the domain in "hd", and of its own, does it
# know whose the address is today.
GOOGLE: Final = "https://accounts.google.com"
GOOGLE_DOMAIN: Final = "gmail.com"


def is_complete(claims: Mapping[str, Any], settings: IdentityProviderSettings) -> bool:
    """Whether the claims say all that a login wants to know."""
    wanted = {settings.subject_claim}
    if "email" in settings.scopes or settings.allowed_email_domains:
        wanted.add("email")
    if settings.allowed_groups:
        wanted.add(settings.groups_claim)
    vouched = not settings.allowed_email_domains or any(claims.get(claim) is not None for claim in VERIFIES_EMAIL)
    return vouched and wanted <= claims.keys()


def combined(id_claims: Mapping[str, Any], userinfo: Mapping[str, Any]) -> dict[str, Any]:
    """All claims, the signed ones first. An address and that it is verified are taken from one place, never mixed.

    Where either place says that it is not verified, it is not.
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


def user(claims: Mapping[str, Any], settings: IdentityProviderSettings) -> User:
    """Who the claims are about. Raises ``ProviderRefused`` without a subject, ``NotAllowed`` if the policy says no."""
    subject = claims.get(settings.subject_claim)
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise ProviderRefused("the identity provider did not say who you are")
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
        raise _refused("no verified e-mail address", "the identity provider has no verified e-mail address of yours")
    domain = _domain(claims)
    if domain not in settings.allowed_email_domains:
        raise _refused("e-mail domain", "your e-mail address is not in a domain that may log in here")
    if settings.issuer == GOOGLE and domain != GOOGLE_DOMAIN:
        hosted = claims.get("hd")
        allowed = isinstance(hosted, str) and hosted.isascii() and hosted.lower() in settings.allowed_email_domains
        if not allowed:
            raise _refused("hd", "your Google account does not belong to an organisation that may log in here")


def _is_true(value: Any) -> bool:
    """Some providers write their booleans as strings, Entra ID as a number too."""
    return value is True or (isinstance(value, str | int) and str(value).lower() in ("true", "1"))


def _is_denied(claims: Mapping[str, Any], claim: str) -> bool:
    """Whether a claim is there and says anything but yes (OpenID Connect Core 1.0, 5.3.2: ``null`` is left out)."""
    return claims.get(claim) is not None and not _is_true(claims[claim])


def _domain(claims: Mapping[str, Any]) -> str | None:
    """The domain of the user's address in lower case, ``None`` where there is no address, or the domain not ASCII."""
    address = _address(claims)
    # The lower case of a letter that is not ASCII can be one that is.
    return address[1].lower() if address and address[1].isascii() else None


def _check_groups(claims: Mapping[str, Any], settings: IdentityProviderSettings) -> None:
    if not settings.allowed_groups:
        return
    groups = claims.get(settings.groups_claim, [])
    # One group alone comes as a string from some providers.
    named = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
    if not any(group in settings.allowed_groups for group in named if isinstance(group, str)):
        # OpenID Connect Core 1.0, 5.6.2: what Entra ID sends instead of more groups than fit into a token.
        distributed = claims.get("_claim_names")
        elsewhere = isinstance(distributed, dict) and settings.groups_claim in distributed
        reason = "groups not in the token, which has too many" if elsewhere else "group"
        raise _refused(reason, "you are not in a group that may log in here")


def _refused(reason: str, said: str) -> NotAllowed:
    logger.warning("a user was not let in", extra={"reason": reason})
    return NotAllowed(said)


def _address(claims: Mapping[str, Any]) -> re.Match[str] | None:
    """The user's e-mail address; ``None`` for what is none, or has too many characters or invisible ones."""
    email = claims.get("email")
    if not isinstance(email, str) or len(email) > LONGEST_TEXT or not email.isprintable():
        return None
    return ADDRESS.fullmatch(email)


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    return value[:LONGEST_TEXT] if isinstance(value, str) and value and value.isprintable() else None
