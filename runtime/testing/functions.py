"""Python functions that stand in for Lambda functions, in tests of tools that call these."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from runtime.authoring.function_calls import CallFailed, FunctionCall, use_functions
from runtime.authoring.json_values import json_bytes
from runtime.authoring.secrets import SettingMissing

StandIn = Callable[[Any], Any]


@contextlib.contextmanager
def use_stand_ins(functions: Mapping[str, StandIn]) -> Iterator[None]:
    """Let ``functions`` answer in the place of Lambda functions until the ``with`` statement ends.

    They are found by what the tool names: a name or an ARN, with the version or alias behind a colon. Each gets the
    event. What it raises is what the code of a Lambda function raises, and ``CallFailed`` any other failure.
    """

    def call(made: FunctionCall) -> bytes:
        if made.target not in functions:
            raise SettingMissing(f"the function {made.target} has no stand-in: client(app, functions={{...}})")
        try:
            return json_bytes(functions[made.target](msgspec.json.decode(made.payload)))
        except CallFailed:
            raise
        except Exception as error:
            raise CallFailed("crashed", error_type=type(error).__name__, error_message=str(error)) from error

    before = use_functions(call)
    try:
        yield
    finally:
        use_functions(before)
