"""Starts MiniStack, and mends where its API Gateway is kinder than that of AWS, or knows less.

``local.servers`` runs this as a file, because it must not import modules of this repository: MiniStack runs functions
with ``sys.executable``, which can import everything that is installed here. So the first argument replaces it with
another interpreter.
"""

import importlib
import json
import runpy
import sys
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from pathlib import Path
from types import ModuleType
from typing import Any

Headers = dict[str, Any]
Call = Callable[..., Any]

# API Gateway, Developer Guide, Important notes for REST APIs: which headers a function and a client do not get as sent.
NOT_FOR_FUNCTIONS = frozenset(
    {
        "connection",
        "content-md5",
        "expect",
        "max-forwards",
        "proxy-authenticate",
        "server",
        "te",
        "trailer",
        "upgrade",
        "www-authenticate",
    }
)
RENAMED = frozenset(
    {
        "authorization",
        "connection",
        "content-md5",
        "date",
        "max-forwards",
        "server",
        "user-agent",
        "www-authenticate",
    }
)
DROPPED = frozenset({"expect", "host", "proxy-authenticate", "te", "trailer", "transfer-encoding", "upgrade", "via"})

AUTHORIZER_CONTEXT = "context.authorizer."
# The member of a policy document that carries its context: MiniStack keeps the document with a cached decision.
CARRIED = "Context"
CURRENT: ContextVar[Mapping[str, Any]] = ContextVar("CURRENT")


def rename_headers(headers: Mapping[str, Any]) -> Headers:
    """Return the headers of a function's response as API Gateway passes them on."""
    return {
        f"x-amzn-Remapped-{name}" if name.lower() in RENAMED else name: value
        for name, value in headers.items()
        if name.lower() not in DROPPED
    }


def last_hop(forwarded: str) -> str:
    """Return the address that connected to API Gateway, which the edge appended last to ``X-Forwarded-For``.

    MiniStack takes the first one, which the client can write.
    """
    return forwarded.rpartition(",")[2].strip() or "127.0.0.1"


def mend_event(event: dict[str, Any]) -> dict[str, Any]:
    """Change the event of a function or an authorizer to what API Gateway sends, and return it."""
    event["requestContext"]["identity"]["sourceIp"] = last_hop(event["headers"].get("x-forwarded-for", ""))
    return event


def carry_context(policy: Any) -> Any:
    """Return the policy of an authorizer with its context inside its document."""
    if isinstance(policy, dict) and isinstance(policy.get("policyDocument"), dict):
        return {**policy, "policyDocument": {**policy["policyDocument"], CARRIED: policy.get("context") or {}}}
    return policy


def mend(gateway: ModuleType) -> None:
    """Replace the functions of MiniStack's API Gateway that make events, and that return what functions answer.

    Its gateway responses can read only the request. Those of API Gateway also read the authorizer's context.
    """
    _replace(gateway, "_authorize_request_v1", _refusing(gateway))
    _replace(gateway, "_build_lambda_event_v1", _building)
    _replace(gateway, "_invoke_lambda_proxy_v1", _invoking)
    _replace(gateway, "_invoke_authorizer_lambda", _authorizing)
    _replace(gateway, "_evaluate_policy", _evaluating)
    _replace(gateway, "_gateway_request_value", _mapping)


def _replace(gateway: ModuleType, name: str, replacement: Callable[[Call], Call]) -> None:
    """Replace a function by another one that calls it. A MiniStack without that function does not start."""
    setattr(gateway, name, replacement(getattr(gateway, name)))


def _refusing(gateway: ModuleType) -> Callable[[Call], Call]:
    """Evaluate the policy of the API with the address that connected to it, and before any authorizer.

    API Gateway, Developer Guide, How resource policies affect authorization workflow. MiniStack takes the address of
    the edge, and has no such policy where there is an authorizer.
    """
    origin = importlib.import_module("ministack.core.iam_evaluator").pin_request_origin

    def before(authorize: Call) -> Call:
        async def authorize_request(  # noqa: PLR0913, PLR0917  # the arguments are MiniStack's
            api: str, stage: str, options: Any, method: str, path: str, resource: Any, headers: Headers, *rest: Any
        ) -> Any:
            account, region = rest[-2:]
            hops = next((value for name, value in headers.items() if name.lower() == "x-forwarded-for"), "")
            origin(last_hop(hops if isinstance(hops, str) else hops[-1]), secure_transport=True)
            refused = gateway._anonymous_policy_error(api, stage, method, path, account, region)  # noqa: SLF001
            if refused:
                return refused, None
            return await authorize(api, stage, options, method, path, resource, headers, *rest)

        return authorize_request

    return before


def _building(build: Call) -> Call:
    def build_event(*arguments: Any, **options: Any) -> dict[str, Any]:
        event = mend_event(build(*arguments, **options))
        for part in ("headers", "multiValueHeaders"):
            event[part] = {name: value for name, value in event[part].items() if name not in NOT_FOR_FUNCTIONS}
        return event

    return build_event


def _invoking(invoke: Call) -> Call:
    async def invoke_function(*arguments: Any, **options: Any) -> Any:
        answer = await invoke(*arguments, **options)
        # Anything else is an error, which becomes a gateway response.
        if not isinstance(answer, tuple):
            return answer
        status, headers, body = answer
        return status, rename_headers(headers), body

    return invoke_function


def _authorizing(authorize: Call) -> Call:
    async def invoke_authorizer(authorizer: Any, event: dict[str, Any], *scope: Any) -> Any:
        result = await authorize(authorizer, mend_event(event), *scope)
        if not isinstance(result, dict) or result.get("error"):
            return result
        body = result.get("body")
        return {**result, "body": carry_context(json.loads(body) if isinstance(body, str | bytes) else body)}

    return invoke_authorizer


def _evaluating(evaluate: Call) -> Call:
    def evaluate_policy(document: Mapping[str, Any], *arguments: Any) -> Any:
        CURRENT.set(document.get(CARRIED) or {})
        return evaluate(document, *arguments)

    return evaluate_policy


def _mapping(find: Call) -> Call:
    def find_value(source: str, request: Any) -> Any:
        if source.startswith(AUTHORIZER_CONTEXT):
            return CURRENT.get({}).get(source.removeprefix(AUTHORIZER_CONTEXT))
        return find(source, request)

    return find_value


if __name__ == "__main__":
    own, sys.executable = sys.executable, sys.argv.pop(1)
    mend(importlib.import_module("ministack.services.apigateway_v1"))
    for name in ("emulator_functions.py", "emulator_iam.py"):
        runpy.run_path(str(Path(__file__).with_name(name)), run_name="__main__")
    sys.argv.insert(1, own)
    runpy.run_path(str(Path(__file__).with_name("emulator_rds.py")), run_name="__main__")
    runpy.run_module("ministack", run_name="__main__", alter_sys=True)
