"""Mends what MiniStack says of a Python function that raised an exception: Lambda names its class.

``local.emulator`` runs this as a file, because it must not import modules of this repository.
"""

import importlib
from collections.abc import Callable
from types import ModuleType
from typing import Any

Call = Callable[..., Any]

# MiniStack's function that runs one.
RUN = "_execute_function_warm"
# What MiniStack says of every exception.
ANY = "Runtime.HandlerError"


def exception_class(trace: str, message: str) -> str | None:
    """Return the name of the class in the last line of a stack trace, which the ``message`` of the exception ends."""
    text = trace.rstrip()
    ending = f": {message}".rstrip() if message else ""
    name = text.removesuffix(ending).rpartition("\n")[2]
    is_name = text.endswith(ending) and all(part.isidentifier() for part in name.split("."))
    return name.rpartition(".")[2] if is_name else None


def mend(functions: ModuleType) -> None:
    """Replace what runs a function. A MiniStack without it does not start."""
    setattr(functions, RUN, _naming(getattr(functions, RUN)))


def _naming(run: Call) -> Call:
    def run_function(*arguments: Any, **options: Any) -> Any:
        result = run(*arguments, **options)
        body = result.get("body")
        if result.get("error") and isinstance(body, dict) and body.get("errorType") == ANY:
            name = exception_class(result.get("log", ""), body.get("errorMessage", ""))
            return {**result, "body": {**body, "errorType": name or ANY}}
        return result

    return run_function


if __name__ == "__main__":
    mend(importlib.import_module("ministack.services.lambda_svc"))
