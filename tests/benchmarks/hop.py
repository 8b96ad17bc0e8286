"""What it costs to run a tool in a function of its own: the same tool, here and there."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from components.packaging.archive import Packager
from components.packaging.sources import Sources
from components.packaging.survey import survey_app
from components.packaging.target import Target
from runtime.deployment import MANIFEST
from tests.benchmarks import measure, report
from tests.benchmarks.calls import ADD, Call
from tests.benchmarks.packages import ARCHITECTURE, CACHE, FOLDER, ROOT, Package, unpack

APP, NAME = "tests.benchmarks.apps.hop", "adding"
HOST = Path(__file__).with_name("function_host.py")
HERE, THERE, FUNCTION = "plain tool", "tool in a function of its own", "the function of the tool"
FIRST = report.Figure("first call of a new instance, ms", 0)
WARM = report.Figure("warm call, median, ms", 2)
# What Lambda sets for boto3.
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "benchmark",
    "AWS_SECRET_ACCESS_KEY": "benchmark",
    "AWS_DEFAULT_REGION": "eu-central-1",
}


@dataclass(frozen=True)
class Forwarded(Call):
    """The call as the mcp function forwards it."""

    def event(self) -> dict[str, Any]:
        """Return the event of the function."""
        caller = {"client_id": "client-1", "subject": "client-1", "scopes": ["mcp"]}
        said = {"request_id": "8f2c3a2e", "protocol_version": "2025-11-25", "seconds": 20.0}
        return {"tool": "add", "arguments": {"a": 2, "b": 3}, **caller, **said}

    def check(self, answer: Any, server: str) -> None:
        """Raise ``RuntimeError`` for an answer that is not the right one."""
        if answer["result"]["content"] != [{"type": "text", "text": "5"}]:
            raise RuntimeError(f"{server} answered {answer}")


def packages(plain: Package) -> tuple[Package, Package]:
    """The mcp function that forwards, and the function that it forwards to. ``plain`` is the one without."""
    packager = Packager(ROOT, Target.current(ARCHITECTURE), CACHE, package_boto3=True)
    survey = survey_app(Sources(ROOT), APP, CACHE)
    forwarding = packager.build("runtime.handlers.mcp", ["schemas/mcp"], [APP], {MANIFEST: survey.manifest})
    modules = survey.functions[NAME].modules
    function = packager.build("runtime.handlers.tool", (), modules)
    for archive, folder in ((forwarding, "forwarding"), (function, "function")):
        unpack(archive, FOLDER / folder)
    environment = {
        **plain.environment,
        **CREDENTIALS,
        "APP_MODULE": APP,
        "TOOL_FUNCTIONS": json.dumps({NAME: NAME}),
        "TOOL_SECONDS": "20",
    }
    there = {"TOOL_FUNCTION": NAME, "TOOL_MODULES": json.dumps(modules)}
    return (
        replace(plain, name=THERE, folder=FOLDER / "forwarding", environment=environment),
        Package(FUNCTION, FOLDER / "function", "runtime.handlers.tool.handler", 0, there),
    )


@contextmanager
def hosting(function: Package) -> Iterator[dict[str, str]]:
    """Answer invocations of a function, and give the environment in which boto3 finds it."""
    readable, writable = os.pipe()
    command = [*measure.PYTHON, str(HOST), str(writable), str(function.folder), function.handler]
    with os.fdopen(readable) as lines:
        environment = {**measure.LAMBDA, **function.environment}
        with subprocess.Popen(command, env=environment, pass_fds=[writable], stdout=subprocess.DEVNULL) as process:
            os.close(writable)
            port = lines.readline().strip()
            try:
                yield {"AWS_ENDPOINT_URL_LAMBDA": f"http://127.0.0.1:{port}"}
            finally:
                process.kill()


def add_round(results: report.Results, plain: Package, calls: int) -> None:
    """Measure one round. The function that answers is warm, except where its own start is measured."""
    bare = measure.interpreter().first_answer
    forwarding, function = packages(plain)
    with hosting(function) as found:
        there = replace(forwarding, environment={**forwarding.environment, **found})
        for name, package in ((HERE, plain), (THERE, there)):
            results.add(FIRST, name, measure.serve(package, ADD).first_answer - bare)
            results.add(WARM, name, measure.serve(package, ADD, warm_up=calls // 10, calls=calls).p50)
    call = Forwarded(
        **{name: getattr(ADD, name) for name in ("method", "params", "tools", "is_right")}, name="forwarded"
    )
    results.add(FIRST, FUNCTION, measure.serve(function, call).first_answer - bare)


def table(results: report.Results) -> str:
    """Return the rows: the tool here and there, the ratio, and the start of the function itself."""
    rows = [
        [figure.name, results.value(figure, HERE), results.value(figure, THERE), results.ratio(figure, THERE, HERE)]
        for figure in (FIRST, WARM)
    ]
    start = f"{FUNCTION}: {FIRST.name}"
    return report.table(["", HERE, THERE, "ratio"], [*rows, [start, "", results.value(FIRST, FUNCTION), ""]])
