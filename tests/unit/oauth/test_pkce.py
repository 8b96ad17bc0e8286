"""Proof key for code exchange: RFC 7636."""

import pytest

from runtime.oauth import pkce

# RFC 7636, appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_the_verifier_of_the_specification_proves_its_challenge() -> None:
    """RFC 7636, appendix B."""
    assert pkce.challenge(VERIFIER) == CHALLENGE
    assert pkce.proves(VERIFIER, CHALLENGE)


@pytest.mark.parametrize("verifier", [VERIFIER[:-1] + "j", VERIFIER + "x", VERIFIER.lower(), "", "é" * 43])
def test_another_verifier_proves_nothing(verifier: str) -> None:
    """RFC 7636 4.6."""
    assert not pkce.proves(verifier, CHALLENGE)


def test_the_challenge_is_no_verifier_of_itself() -> None:
    """RFC 7636 7.2: the plain method does not protect a request that is observed, so it does not exist."""
    assert not pkce.proves(CHALLENGE, CHALLENGE)


@pytest.mark.parametrize("verifier", ["a" * 43, "Z9-._~" * 8, "a" * 128])
def test_a_verifier_has_43_to_128_unreserved_characters(verifier: str) -> None:
    """RFC 7636 4.1."""
    assert pkce.is_verifier(verifier)


@pytest.mark.parametrize("text", ["", "a" * 42, "a" * 129, "a" * 42 + "=", "a" * 43 + "\n", "é" * 43, "٣" * 43])
def test_anything_else_is_none(text: str) -> None:
    assert not pkce.is_verifier(text)
    assert not pkce.is_challenge(text)


@pytest.mark.parametrize("text", ["a" * 44, "a" * 128, "a" * 42 + ".", "a" * 42 + "~", CHALLENGE + "="])
def test_a_challenge_by_s256_is_a_base64url_sha_256_without_padding(text: str) -> None:
    """RFC 7636 3 and 4.2."""
    assert pkce.is_challenge(CHALLENGE)
    assert not pkce.is_challenge(text)
