"""The Lambda functions that an app offers as tools, for the functions that run tools.

boto3 is imported when one is first called: it costs 0.2 s of a cold start.
"""

import functools
from typing import Any

from runtime.authoring.function_calls import CallFailed, FunctionCall, use_functions
from runtime.records.invocation import InvocationFailed


def provide_functions() -> None:
    """Let tools call Lambda functions from now on."""
    use_functions(call_function)


def call_function(call: FunctionCall) -> bytes:
    """Return what a function answers. Raise ``CallFailed``."""
    caller = _caller(int(call.seconds) or call.seconds, call.region)
    try:
        answer: bytes = caller.invoke(call.target, call.payload, call.client_context)
    except InvocationFailed as failure:
        raise CallFailed(
            failure.reason,
            error_type=failure.error_type,
            error_message=failure.error_message,
            invocation_id=failure.request_id,
        ) from failure
    return answer


# A client of boto3 has one time-out. What is left of a request differs little from one to the next.
@functools.lru_cache(maxsize=8)
def _caller(seconds: float, region: str | None) -> Any:
    from runtime.storage.lambda_calls import LambdaCaller  # noqa: PLC0415

    return LambdaCaller(seconds, region)
