"""How a new version of the functions replaces the one that serves."""

from collections.abc import Iterator, Mapping
from typing import Any

from components.config_checks import problem

ALL_AT_ONCE, CANARY = "all-at-once", "canary"


def wrong_release(values: Mapping[str, Any]) -> Iterator[str]:
    """Report provisioned concurrency that Lambda would refuse only in the middle of a deployment."""
    provisioned = values["provisionedConcurrency"]
    if provisioned and values["release"] == CANARY:
        # Lambda refuses it on an alias that shares requests between two versions.
        yield problem(
            "provisionedConcurrency",
            provisioned,
            f"only with release {ALL_AT_ONCE}, and release is {CANARY}; remove one of the two keys",
        )
    for function, number in provisioned.items():
        reserved = values["reservedConcurrency"].get(function)
        if reserved is not None and number > reserved:
            yield problem(
                f"provisionedConcurrency.{function}", number, f"at most {reserved}, as reservedConcurrency.{function}"
            )
