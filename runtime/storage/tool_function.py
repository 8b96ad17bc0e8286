"""A Lambda function that is called and answers."""

import time
from collections.abc import Mapping
from typing import Any, Final

import boto3
import msgspec
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError

from runtime.records.invocation import InvocationFailed, Reason
from runtime.storage.aws import REFUSED, code_of

# AWS Lambda quotas, "Invocation payload (request and response)".
LARGEST_PAYLOAD: Final = 6_291_456
# While a function is frozen between two requests, its connections may end without its knowing. A request on such a
# connection fails, and may not be sent again.
IDLE_SECONDS: Final = 5
CODES: Final[Mapping[str, Reason]] = {
    **dict.fromkeys(REFUSED, "refused"),
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


class LambdaToolFunction:
    """A ``RemoteFunction`` on Lambda. ``seconds`` is how long to wait for its answer."""

    def __init__(self, name: str, seconds: float) -> None:
        self._name = name
        # One attempt: nobody knows whether a call that failed has run.
        config = Config(connect_timeout=2, read_timeout=seconds, retries={"total_max_attempts": 1})
        self._client = boto3.client("lambda", config=config)
        self._used = time.monotonic()

    def invoke(self, payload: bytes) -> bytes:
        """Return the answer to a payload, both as JSON. Raise ``InvocationFailed``."""
        if len(payload) > LARGEST_PAYLOAD:
            raise InvocationFailed("arguments too large", f"the payload has {len(payload)} bytes")
        if time.monotonic() - self._used > IDLE_SECONDS:
            self._client.close()
        try:
            return self._read(self._client.invoke(FunctionName=self._name, Payload=payload))
        except ClientError as error:
            raise InvocationFailed(CODES.get(code_of(error), "unreachable"), str(error)) from error
        except ReadTimeoutError as error:
            raise InvocationFailed("timed out", str(error)) from error
        except BotoCoreError as error:
            raise InvocationFailed("unreachable", str(error)) from error
        finally:
            self._used = time.monotonic()

    def _read(self, response: Mapping[str, Any]) -> bytes:
        """Return the answer in a response. Raise ``InvocationFailed`` for what Lambda says of a failure."""
        answer: bytes = response["Payload"].read()
        if "FunctionError" not in response:
            return answer
        reason, detail = _explain(answer)
        raise InvocationFailed(reason, detail, response["ResponseMetadata"].get("RequestId"))


class _Failure(msgspec.Struct):
    """The members of Lambda's report on a failure that a log may have: the others hold code and its stack."""

    errorType: str = ""  # noqa: N815  # as Lambda calls it
    errorMessage: str = ""  # noqa: N815


def _explain(answer: bytes) -> tuple[Reason, str]:
    """Return why a function gave no answer, and what the log should have of it."""
    try:
        failure = msgspec.json.decode(answer, type=_Failure)
    except msgspec.MsgspecError:
        return "crashed", "Lambda reports a failure without saying which"
    detail = f"{failure.errorType}: {failure.errorMessage}"
    if "Task timed out after" in failure.errorMessage:
        return "timed out", detail
    # Not every version of the runtime says it by type.
    if "signal: killed" in failure.errorMessage or failure.errorType == "MemoryError":
        return "out of memory", detail
    return TYPES.get(failure.errorType, "crashed"), detail
