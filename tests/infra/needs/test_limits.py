"""What AWS allows a function and its role together is told before AWS refuses it."""

import re
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks

from components.iam import Statement, policy
from components.limits import ENVIRONMENT_BYTES, POLICY_CHARACTERS, fit_environment, fit_policy
from tests.infra.recorder import Recorder


def resolve(make: Callable[[], Any]) -> Any:
    """Return what an input becomes."""
    found: list[Any] = []
    pulumi.runtime.set_mocks(Recorder(), project="remote-mcp", stack="dev")
    mocks.test(lambda: pulumi.Output.from_input(make()).apply(found.append))()  # type: ignore[no-untyped-call]
    return found[0]


# {"OWN":"x","APP":""} has 20 bytes, and ü two.
FITS = "ü" + "x" * (ENVIRONMENT_BYTES - 22)


def test_an_environment_may_be_as_large_as_lambda_allows() -> None:
    assert resolve(lambda: fit_environment("tools-mcp", {"OWN": "x"}, {"APP": FITS})) == {"OWN": "x", "APP": FITS}


def test_a_larger_environment_is_refused_with_what_the_app_adds() -> None:
    told = "the environment of the function tools-mcp takes 4097 bytes, and 4087 of them are what the app needs (APP)"
    with pytest.raises(pulumi.RunError, match=re.escape(told)):
        resolve(lambda: fit_environment("tools-mcp", {"OWN": "x"}, {"APP": FITS + "x"}))


def policy_of(characters: int) -> pulumi.Output[str]:
    """Return a policy of so many characters, with white space that does not count."""
    frame = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":[""]}]}'
    return policy(Statement(actions=["s3:GetObject"], resources=["x" * (characters - len(frame))]))


def test_a_policy_may_be_as_large_as_iam_allows() -> None:
    assert "s3:GetObject" in resolve(lambda: fit_policy("tools-mcp", policy_of(POLICY_CHARACTERS)))


def test_a_larger_policy_is_refused() -> None:
    with pytest.raises(pulumi.RunError, match="the policy of the role tools-mcp takes 10241 characters; allowed: at"):
        resolve(lambda: fit_policy("tools-mcp", policy_of(POLICY_CHARACTERS + 1)))
