"""What AWS and this product allow in a needs file. Each check returns what is wrong, or ``None``."""

import re
from collections.abc import Mapping
from typing import Any

import pulumi

from runtime.deployment import FUNCTION_NAME, FUNCTION_RULE

# IAM JSON policy elements: Action. A service prefix and an action, in which * and ? stand for others.
ACTION = re.compile(r"\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+")
WILDCARD = re.compile(r"[*?]")
COMPARISONS = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
# IAM JSON policy elements: Condition operators.
OPERATORS = frozenset(
    [
        *(f"{kind}{comparison}" for kind in ("Numeric", "Date") for comparison in COMPARISONS),
        *("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
        *("StringLike", "StringNotLike", "ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"),
        *("Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "Null"),
    ]
)
QUANTIFIER = re.compile(r"^(ForAllValues|ForAnyValue):")
# AWS Lambda Developer Guide, "Working with Lambda environment variables".
VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]+")
SET_BY_LAMBDA = re.compile(
    r"_HANDLER|_X_AMZN_TRACE_ID|AWS_(?!STS_|LAMBDA_EXEC_WRAPPER).*|LAMBDA_(TASK_ROOT|RUNTIME_DIR)"
)
# What the program sets for its functions. A test compares it with what it sets.
SET_BY_PRODUCT = frozenset(
    [
        *("ABOUT", "ALLOWED_ORIGINS", "APP_MODULE", "CLIENT_ADDRESS", "LOG_LEVEL", "PUBLIC_URL", "SECRETS"),
        *("SERVER_NAME", "TABLE_NAME", "TOOL_FUNCTION", "TOOL_FUNCTIONS", "TOOL_MODULES", "TOOL_SECONDS"),
        *("WORKER_NAME", "WORKER_SECONDS"),
    ]
)
SECRET_ARN = re.compile(r"arn:[a-z-]+:(secretsmanager:[a-z0-9-]+:\d{12}:secret:.+|ssm:[a-z0-9-]+:\d{12}:parameter/.+)")
KEY_ARN = re.compile(r"arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+")
LAYER_ARN = re.compile(r"arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:layer:[A-Za-z0-9_-]+:\d+")


def wrong_action(action: Any) -> str | None:
    if isinstance(action, str) and ACTION.fullmatch(action):
        return None
    return f"{action!r} is no action; allowed: a service and an action, such as 's3:GetObject'"


def wrong_condition(condition: Any) -> str | None:
    """Look at the operators and the form of a condition. Its keys and values are for IAM to judge."""
    if not isinstance(condition, Mapping):
        return f"condition is {condition!r}; allowed: operators with keys and values, as IAM writes them"
    for operator, keys in condition.items():
        plain = QUANTIFIER.sub("", str(operator))
        if plain not in OPERATORS and plain.removesuffix("IfExists") not in OPERATORS - {"Null"}:
            return f"{operator!r} is no operator of conditions; allowed: one such as 'StringEquals'"
        if not isinstance(keys, Mapping) or not keys:
            return f"condition has {keys!r} for {operator!r}; allowed: keys of conditions with their values"
    return None


def wrong_variable(name: Any) -> str | None:
    """Look at the name of an environment variable."""
    if not isinstance(name, str) or not VARIABLE.fullmatch(name):
        return f"{name!r} is no name of a variable; allowed: two or more letters, digits and _ that start with a letter"
    if SET_BY_LAMBDA.fullmatch(name):
        return f"{name} is a variable that Lambda sets; choose another name"
    if name in SET_BY_PRODUCT:
        return f"{name} is a variable that this server sets; choose another name"
    return None


def wrong_secret(name: Any) -> str | None:
    if isinstance(name, str) and VARIABLE.fullmatch(name):
        return None
    return f"{name!r} is no name of a secret; allowed: two or more letters, digits and _ that start with a letter"


def wrong_secret_arn(arn: Any) -> str | None:
    """Look at an ARN that is known while the program runs."""
    if not isinstance(arn, str) or SECRET_ARN.fullmatch(arn):
        return None
    return f"arn is {arn!r}; allowed: the ARN of a secret of Secrets Manager or of a parameter of Systems Manager"


def wrong_secret_options(arn: Any, key: Any, kms_key: Any) -> str | None:
    """Look at what is said of a secret that exists."""
    if arn is None and (key is not None or kms_key is not None):
        return "key and kms_key are for an existing secret; name its arn, too"
    if key is not None and (not isinstance(key, str) or not key):
        return f"key is {key!r}; allowed: the name of a member of the JSON object in the secret"
    if isinstance(kms_key, str) and not KEY_ARN.fullmatch(kms_key):
        return f"kms_key is {kms_key!r}; allowed: the ARN of a KMS key, not of an alias"
    return wrong_text(kms_key) if kms_key is not None else None


def wrong_layer(arn: Any) -> str | None:
    """Look at the ARN of a layer that is known while the program runs."""
    if not isinstance(arn, str) or LAYER_ARN.fullmatch(arn):
        return None
    return f"{arn!r} is no layer; allowed: the ARN of a version of a layer, such as arn:aws:lambda:…:layer:name:3"


def wrong_function(name: Any) -> str | None:
    if isinstance(name, str) and re.fullmatch(FUNCTION_NAME, name):
        return None
    return f"{name!r} is no name of a function; {FUNCTION_RULE}"


def wrong_number(value: Any, low: int, high: int) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return None
    return f"{value!r} is not allowed; allowed: an integer from {low} to {high}"


def wrong_text(value: Any) -> str | None:
    """Look at what is a string or will become one."""
    if isinstance(value, str | pulumi.Output):
        return None
    return f"{value!r} is no string; allowed: a string, or an output that becomes one"
