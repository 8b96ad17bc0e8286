"""Invoking a new version directly, before it gets a request."""

import json
from collections.abc import Iterable
from typing import Any

from admin.release.probes import PROBES, Probe

# The first invocation initializes the version, the second one finds it initialized.
ROUNDS = 2
LONGEST_REASON = 300
KEY_VARIABLE = "SIGNING_KEY_ARN"


class ProbeFailed(Exception):
    """A new version does not answer as it should. The text says how."""


class Prober:
    """Probes versions. ``functions`` is a client of Lambda, ``names`` are those of all functions of the stack."""

    def __init__(self, functions: Any, names: Iterable[str]) -> None:
        self._functions = functions
        self._names = list(names)

    def probe(self, function: str, version: str) -> None:
        """Invoke a version with each of its events. Raise ``ProbeFailed``."""
        self._functions.get_waiter("published_version_active").wait(FunctionName=function, Qualifier=version)
        kind = self.find_kind(function, version)
        if kind not in PROBES:
            raise ProbeFailed(f"admin/release/probes.py has no probe for the handler module {kind}")
        probes = PROBES[kind](self._find_signing_key())
        for _ in range(ROUNDS):
            for probe in probes:
                self._ask(function, version, probe)

    def find_kind(self, function: str, version: str) -> str:
        """Return what a version is: the module of its handler."""
        found = self._functions.get_function_configuration(FunctionName=function, Qualifier=version)
        return str(found["Handler"]).split(".")[-2]

    def _ask(self, function: str, version: str, probe: Probe) -> None:
        """Invoke a version with one event. Raise ``ProbeFailed``."""
        payload = json.dumps(probe.event).encode()
        response = self._functions.invoke(FunctionName=function, Qualifier=version, Payload=payload)
        answer = json.loads(response["Payload"].read() or b"null")
        if "FunctionError" in response:
            kind, message = (answer.get(name, "") for name in ("errorType", "errorMessage"))
            if message != probe.error:
                raise ProbeFailed(f"asked for {probe.asks}, it failed: {_shorten(f'{kind}: {message}')}")
        elif not probe.is_good(answer):
            raise ProbeFailed(f"asked for {probe.asks}, it answered {_shorten(json.dumps(answer))}")

    def _find_signing_key(self) -> str:
        """Return the ARN of the signing key, which is in the environment of the functions that read it."""
        for name in self._names:
            found = self._functions.get_function_configuration(FunctionName=name)
            variables = found.get("Environment", {}).get("Variables", {})
            if KEY_VARIABLE in variables:
                return str(variables[KEY_VARIABLE])
        raise ProbeFailed(f"no function has {KEY_VARIABLE} in its environment; name all functions of the stack")


def _shorten(text: str) -> str:
    """Return text that fits on a terminal and steers none."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return printable if len(printable) <= LONGEST_REASON else f"{printable[:LONGEST_REASON]}..."
