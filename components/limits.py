"""What AWS allows a function and its role together, checked as soon as the values are known.

AWS would refuse more only when it updates them, and without telling what is too much.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import pulumi

# AWS Lambda Developer Guide, "Lambda quotas": 4 KB for all variables. Lambda measures them as JSON.
ENVIRONMENT_BYTES = 4096
# AWS IAM User Guide, "IAM and AWS STS quotas": all inline policies of a role, without white space.
POLICY_CHARACTERS = 10_240


def fit_environment(
    function: str, own: Mapping[str, pulumi.Input[str]], app: Mapping[str, pulumi.Input[str]]
) -> dict[str, pulumi.Input[str]]:
    """Return the variables of a function: its ``own`` and those of the ``app``, if Lambda allows all together."""
    if not app:
        return dict(own)
    checked = pulumi.Output.all(**{**app, **own}).apply(lambda values: _check_environment(function, values, app))
    # Only those of the app wait for all others: a preview shows the rest.
    waiting = {name: pulumi.Output.all(value, checked).apply(lambda pair: str(pair[0])) for name, value in app.items()}
    return {**waiting, **own}


def fit_policy(role: str, document: pulumi.Output[str]) -> pulumi.Output[str]:
    """Return the policy of a role, if IAM allows one of its size."""
    return document.apply(lambda text: _check_policy(role, text))


def _check_environment(function: str, values: Mapping[str, str], app: Mapping[str, Any]) -> None:
    size = _measure(values)
    if size > ENVIRONMENT_BYTES:
        ours = _measure({name: values[name] for name in app})
        raise pulumi.RunError(
            f"the environment of the function {function} takes {size} bytes, and {ours} of them are what the app needs "
            f"({', '.join(sorted(app))}); allowed: at most {ENVIRONMENT_BYTES}, so put a large value elsewhere"
        )


def _measure(values: Mapping[str, str]) -> int:
    return len(json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode())


def _check_policy(role: str, text: str) -> str:
    size = len(re.sub(r"\s", "", text))
    if size > POLICY_CHARACTERS:
        raise pulumi.RunError(
            f"the policy of the role {role} takes {size} characters; allowed: at most {POLICY_CHARACTERS}, so name "
            "fewer resources in needs.allow, or give some tools a function of their own"
        )
    return text
