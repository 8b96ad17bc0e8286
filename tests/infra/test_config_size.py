"""Tests that the configuration fits into the functions' environments."""

import json

import pytest

from tests.infra.configuration import load, refusal

SCOPES = {f"scope-{number}": "x" * 200 for number in range(20)}
ORIGINS = [f"https://{'x' * 80}{number}.example" for number in range(40)]
NAMES = {f"s{number:03}{'x' * 40}": "d" for number in range(30)}
CHAIN = {name: [following] for name, following in zip(list(NAMES), list(NAMES)[1:], strict=False)}


UPSTREAM = {"issuer": "https://idp.example.com", "clientId": "x", "allowedGroups": [f"{n:0200}" for n in range(15)]}


@pytest.mark.parametrize(
    ("config", "function", "key"),
    [
        ({"scopes": SCOPES}, "oauth", "scopes"),
        ({"scopes": {"mcp": "\N{GRINNING FACE}" * 250}}, "login", "scopes"),
        ({"scopes": NAMES, "scopeImplies": CHAIN}, "oauth", "scopeImplies"),
        ({"allowedOrigins": ORIGINS}, "mcp", "allowedOrigins"),
        ({"upstream": UPSTREAM}, "login", "upstream"),
    ],
)
def test_values_too_long_for_a_functions_environment_are_refused_before_anything_is_made(
    config: dict[str, object], function: str, key: str
) -> None:
    """AWS Lambda, Quotas: all environment variables of a function together have at most 4 KB."""
    message = refusal({name: json.dumps(value) for name, value in config.items()})
    [told] = [line for line in message.splitlines() if f"the {function} function" in line]
    assert key in told
    assert "bytes as JSON; allowed: at most 2800" in told


def test_a_value_that_fits_is_taken() -> None:
    scopes = {f"scope-{number}": "x" * 80 for number in range(18)}
    assert len(json.dumps(scopes)) < 2000
    assert load({"scopes": json.dumps(scopes)}).scopes == {**scopes}


def test_the_key_is_never_rotated_twice_within_one_tokens_life() -> None:
    """Secrets Manager rotates at any time of the due day, so two daily rotations may be only hours apart."""
    assert "signingKeyRotationDays is 1; allowed: an integer from 2 to 1000" in refusal({"signingKeyRotationDays": "1"})
