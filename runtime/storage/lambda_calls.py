"""Lambda functions that are called and answer."""

import time
from collections.abc import Mapping
from typing import Any, Final

import boto3
import msgspec
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from runtime.records.invocation import InvocationFailed, Reason
from runtime.storage.aws import REFUSED, code_of

# AWS Lambda quotas, "Invocation payload (request and response)".
LARGEST_PAYLOAD: Final = 6_291_456
# While a function is frozen between two requests, its connections may end without its knowing. A request on such a
# connection fails, and may not be sent again.
IDLE_SECONDS: Final = 5
# The errors of Invoke after which a function has not run. All others mean that Lambda could not start it.
CODES: Final[Mapping[str, Reason]] = {
    **dict.fromkeys(REFUSED, "refused"),
    "EC2ThrottledException": "busy",
    "RequestTooLargeException": "arguments too large",
    "ResourceNotFoundException": "missing",
    "TooManyRequestsException": "busy",
}
# What Lambda itself says of a function that gave no answer.
TYPES: Final[Mapping[str, Reason]] = {
    "Function.ResponseSizeTooLarge": "result too large",
    "Runtime.OutOfMemory": "out of memory",
    "Sandbox.Timedout": "timed out",
}


class LambdaCaller:
    """Calls functions in one ``region``, by default that of the caller, and waits ``seconds`` for an answer."""

    def __init__(self, seconds: float, region: str | None = None) -> None:
        # One attempt: nobody knows whether a call that failed has run.
        config = Config(connect_timeout=2, read_timeout=seconds, retries={"total_max_attempts": 1})
        self._client = boto3.client("lambda", config=config, region_name=region)
        self._used = time.monotonic()

    def invoke(self, name: str, payload: bytes, client_context: str | None = None) -> bytes:
        """Return what a function answers to a payload, both as JSON. Raise ``InvocationFailed``.

        ``name`` is a name or an ARN. The ``client_context`` is JSON in base64.
        """
        if len(payload) > LARGEST_PAYLOAD:
            raise InvocationFailed("arguments too large", f"the payload has {len(payload)} bytes")
        if time.monotonic() - self._used > IDLE_SECONDS:
            self._client.close()
        context = {"ClientContext": client_context} if client_context else {}
        try:
            return _read(self._client.invoke(FunctionName=name, Payload=payload, **context))
        except ClientError as error:
            raise InvocationFailed(CODES.get(code_of(error), "unavailable"), str(error)) from error
        except ReadTimeoutError as error:
            raise InvocationFailed("timed out", str(error)) from error
        except (ConnectTimeoutError, EndpointConnectionError) as error:
            raise InvocationFailed("unavailable", str(error)) from error
        except BotoCoreError as error:
            raise InvocationFailed("unreachable", str(error)) from error
        finally:
            self._used = time.monotonic()


def _read(response: Mapping[str, Any]) -> bytes:
    """Return the answer in a response. Raise ``InvocationFailed`` for what Lambda says of a failure."""
    answer: bytes = response["Payload"].read()
    if "FunctionError" not in response:
        return answer
    try:
        failure = msgspec.json.decode(answer, type=_Failure)
    except msgspec.MsgspecError:
        failure = _Failure("Unknown", "Lambda reports a failure without saying which")
    raise InvocationFailed(
        failure.reason,
        f"{failure.errorType}: {failure.errorMessage}",
        response["ResponseMetadata"].get("RequestId"),
        error_type=failure.errorType,
        error_message=failure.errorMessage,
    )


class _Failure(msgspec.Struct):
    """The members of Lambda's report on a failure that a log may have: the others hold code and its stack."""

    errorType: str = ""  # noqa: N815  # as Lambda calls it
    errorMessage: str = ""  # noqa: N815

    @property
    def reason(self) -> Reason:
        """Why a function gave no answer."""
        if "Task timed out after" in self.errorMessage:
            return "timed out"
        # Not every version of the runtime says it by type.
        if "signal: killed" in self.errorMessage or self.errorType == "MemoryError":
            return "out of memory"
        return TYPES.get(self.errorType, "crashed")
