"""Mends MiniStack's IAM where it is kinder than that of AWS, so that a policy is proven here as far as AWS checks it.

``local.emulator`` runs this as a file, because it must not import modules of this repository.

- It gives a request to DynamoDB the keys of its items (``dynamodb:LeadingKeys``), which MiniStack does not know. In a
  transaction, these are the keys of all items: the strictest reading of what AWS does not document.
- Writes to a log stream are checked on the stream (Service Authorization Reference, CloudWatch Logs), not on its group.
- A parameter that a request names by its ARN is checked on that ARN: MiniStack takes it for a name.
- The log of a function is written with the permissions of its role.
"""

import importlib
import json
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any

Call = Callable[..., Any]

LEADING_KEYS = "dynamodb:LeadingKeys"
STREAM_ACTIONS = frozenset({"CreateLogStream", "DeleteLogStream", "GetLogEvents", "PutLogEvents"})
PARAMETER = ":parameter/"
WRITING = ("logs:CreateLogStream", "logs:PutLogEvents")


def leading_keys(request: Mapping[str, Any], attribute_of: Callable[[str], str | None]) -> list[str]:
    """Return the partition keys of the items that a request names. ``attribute_of`` gives the name of a table's key."""
    return [key for operation in _operations(request) if (key := _key(operation, attribute_of)) is not None]


def _operations(request: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Return the operations on single items: the request itself, or those of a transaction or a batch."""
    yield request
    for item in request.get("TransactItems", ()):
        yield from item.values()
    for table, part in request.get("RequestItems", {}).items():
        writes = [each for request in part for each in request.values()] if isinstance(part, list) else []
        reads = [{"Key": key} for key in part.get("Keys", ())] if isinstance(part, dict) else []
        yield from ({"TableName": table, **operation} for operation in (*writes, *reads))


def _key(operation: Mapping[str, Any], attribute_of: Callable[[str], str | None]) -> str | None:
    attributes = operation.get("Key") or operation.get("Item") or {}
    attribute = attribute_of(str(operation.get("TableName", "")).rpartition("/")[2])
    value = attributes.get(attribute) if attribute else None
    return str(next(iter(value.values()))) if isinstance(value, dict) and value else None


def mend(actions: ModuleType, evaluator: ModuleType, functions: ModuleType, tables: ModuleType) -> None:
    """Replace what gives the evaluation of policies its resources and keys, and what writes the logs of functions."""

    def attribute_of(table: str) -> str | None:
        found = tables._tables.get(table)  # noqa: SLF001  # MiniStack's own
        return found["pk_name"] if found else None

    _replace(actions, "dynamodb_service_context", lambda build: _naming_keys(build, attribute_of))
    _replace(actions, "extract_resource_arn", _naming_resources)
    _replace(functions, "_emit_lambda_logs", lambda emit: _writing_as_role(emit, evaluator))


def _replace(module: ModuleType, name: str, replacement: Callable[[Call], Call]) -> None:
    """Replace a function by another one that calls it. A MiniStack without that function does not start."""
    setattr(module, name, replacement(getattr(module, name)))


def _naming_keys(build: Call, attribute_of: Callable[[str], str | None]) -> Call:
    def build_context(body: bytes) -> dict[str, Any]:
        context: dict[str, Any] = build(body)
        try:
            request = json.loads(body or b"{}")
        except ValueError:
            return context
        keys = leading_keys(request, attribute_of) if isinstance(request, dict) else []
        return {**context, LEADING_KEYS: keys} if keys else context

    return build_context


def _naming_resources(extract: Call) -> Call:
    def extract_resource_arn(
        service: str, method: str, path: str, headers: Mapping[str, str], body: bytes, *rest: Any
    ) -> str:
        arn = str(extract(service, method, path, headers, body, *rest))
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        if service == "ssm" and f"{PARAMETER}arn:" in arn:
            return arn.partition(PARAMETER)[2]
        if service != "logs" or action not in STREAM_ACTIONS or arn == "*":
            return arn
        return f"{arn}:log-stream:{json.loads(body).get('logStreamName', '')}"

    return extract_resource_arn


def _writing_as_role(emit: Call, evaluator: ModuleType) -> Call:
    def emit_logs(function: dict[str, Any], *arguments: Any, **options: Any) -> None:
        config = function.get("config") or function
        if _may_write(config, evaluator):
            emit(function, *arguments, **options)

    return emit_logs


def _may_write(config: Mapping[str, Any], evaluator: ModuleType) -> bool:
    """Return whether the role of a function permits writing to a new stream of its log group."""
    _, _, _, region, account, *_ = config["FunctionArn"].split(":")
    group = config.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{config['FunctionName']}"
    stream = f"arn:aws:logs:{region}:{account}:log-group:{group}:log-stream:stream"
    role = config["Role"]
    policies = evaluator._gather_role_policies(role.rpartition("/")[2], account)  # noqa: SLF001  # MiniStack's own
    contexts = [evaluator.EvalContext(role, "AssumedRole", account, action, stream, region) for action in WRITING]
    return all(evaluator.evaluate(context, policies).decision == "Allow" for context in contexts)


if __name__ == "__main__":
    mend(
        importlib.import_module("ministack.core.iam_actions"),
        importlib.import_module("ministack.core.iam_evaluator"),
        importlib.import_module("ministack.services.lambda_svc"),
        importlib.import_module("ministack.services.dynamodb"),
    )
