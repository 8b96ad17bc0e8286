"""Runs the probe and takes the time."""

import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.calls import Call
from tests.benchmarks.packages import FOLDER, Package

PROBE = Path(__file__).with_name("probe.py")
# -I and -S: nothing but the standard library and the package. -B: as in Lambda, nothing that is compiled can be kept.
PYTHON = [sys.executable, "-I", "-S", "-B"]
# What Lambda sets for every function, as far as one of them reads it.
LAMBDA = {"PATH": os.defpath, "TZ": ":UTC", "LANG": "en_US.UTF-8", "AWS_REGION": "eu-central-1"}
TIMEOUT_SECONDS = 120


@dataclass(frozen=True)
class Reading:
    """One process: the milliseconds from its start to its first answer, and what it measured in itself.

    ``processor`` is the processor time until then, which other work on the machine lengthens less. ``p50`` and ``p99``
    are set where the call was repeated. All are milliseconds.
    """

    first_answer: float
    processor: float
    peak_kilobytes: int
    boto3: bool
    p50: float = math.nan
    p99: float = math.nan


def interpreter() -> Reading:
    """A process that only starts."""
    _, reading = _run([], {})
    return reading


def serve(package: Package, call: Call, warm_up: int = 0, calls: int = 0) -> Reading:
    """A process that answers a call, and again so many times. Raises ``RuntimeError`` for a wrong answer."""
    answer, reading = _run([*_arguments(package, call), str(warm_up), str(calls)], _environment(package, call))
    call.check(answer, package.name)
    return reading


def import_times(package: Package, call: Call) -> str:
    """What ``-X importtime`` says of a process that answers a call once."""
    # Its answer goes to its standard output.
    command = [*PYTHON, "-X", "importtime", str(PROBE), "1", *_arguments(package, call), "0", "0"]
    environment = {**LAMBDA, **_environment(package, call)}
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=True
    ).stderr


def _arguments(package: Package, call: Call) -> list[str]:
    """The event, in a file, and where its handler is."""
    event = FOLDER / f"{call.name}.json"
    event.write_text(json.dumps(call.event()))
    return [str(event), str(package.folder), package.handler]


def _environment(package: Package, call: Call) -> dict[str, str]:
    return {**package.environment, "TOOLS": str(call.tools)}


def _run(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[Any, Reading]:
    readable, writable = os.pipe()
    command = [*PYTHON, str(PROBE), str(writable), *arguments]
    with os.fdopen(readable) as lines:
        start = time.perf_counter()
        # What a server logs goes nowhere, for all of them alike.
        with subprocess.Popen(
            command,
            env={**LAMBDA, **environment},
            pass_fds=[writable],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            os.close(writable)
            answer = lines.readline()
            first_answer = (time.perf_counter() - start) * 1000
            measured = lines.readline()
    if process.returncode or not measured:
        raise RuntimeError(_complaint(arguments, environment))
    return json.loads(answer), Reading(first_answer=first_answer, **json.loads(measured))


def _complaint(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """What a process that failed has to say, heard by running it once more."""
    command = [*PYTHON, str(PROBE), "1", *arguments]
    done = subprocess.run(
        command, env={**LAMBDA, **environment}, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False
    )
    return f"exit status {done.returncode} of {command}\n{done.stdout}{done.stderr}"
