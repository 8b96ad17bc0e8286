"""Functions run on what AWS still patches."""

from collections.abc import Iterator

from aws_rules.resource import Resource
from aws_rules.rule import Finding, Maker, Setting, Settings

# Lambda Developer Guide, deprecated runtimes. One whose end is announced is not among them before it has come.
DEPRECATED = frozenset(
    {
        "dotnet5.0",
        "dotnet6",
        "dotnet7",
        "dotnetcore1.0",
        "dotnetcore2.0",
        "dotnetcore2.1",
        "dotnetcore3.1",
        "go1.x",
        "java8",
        "nodejs",
        "nodejs4.3",
        "nodejs4.3-edge",
        "nodejs6.10",
        "nodejs8.10",
        "nodejs10.x",
        "nodejs12.x",
        "nodejs14.x",
        "nodejs16.x",
        "nodejs18.x",
        "nodejs20.x",
        "provided",
        "python2.7",
        "python3.6",
        "python3.7",
        "python3.8",
        "python3.9",
        "ruby2.5",
        "ruby2.7",
        "ruby3.2",
    }
)
MORE = Setting({"type": "array", "items": {"type": "string"}}, [], "further runtimes that are refused")


@Maker(
    name="lambda-runtime-supported",
    kinds=["aws:lambda/function:Function"],
    controls=("Lambda.2", "AwsSolutions-L1"),
    settings={"refusedRuntimes": MORE},
)
def runtime(function: Resource, settings: Settings) -> Iterator[Finding]:
    """Functions run on a runtime that AWS supports."""
    chosen = function.value("runtime")
    if isinstance(chosen, str) and (chosen in DEPRECATED or chosen in settings["refusedRuntimes"]):
        yield Finding(function, "runtime", f"is {chosen}, which is deprecated", "move to a supported version")
