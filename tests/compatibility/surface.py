"""What others build upon, by kind: a flat list of names, each with its shape.

A release may add names. It keeps the others and their shapes, unless it is a major one (``docs/versions.md``).
"""

import argparse
import inspect
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import yaml

import components.needs
import runtime.authoring
from admin.__main__ import _parser
from runtime.audit import EventName
from runtime.authoring.styles import awslabs, fastmcp, sdk
from runtime.mcp.methods import METHODS
from runtime.mcp.revisions import SUPPORTED

ROOT = Path(__file__).resolve().parents[2]
FILE = Path(__file__).with_name("surface.json")
SCHEMAS = ROOT / "schemas"
SNAPSHOTS = ROOT / "tests" / "infra" / "snapshot"

Shape = str | int | float | list[str]
Surface = dict[str, Shape]

# The last words of names that a release may change in one direction: to require less, to allow less or more.
REQUIRES, LEAST, MOST = " requires", " at least", " at most"
_LIMITS = {
    **dict.fromkeys(("minimum", "minLength", "minItems"), LEAST),
    **dict.fromkeys(("maximum", "maxLength", "maxItems"), MOST),
}
# What holds data or is the address of the server: its replacement would lose clients, keys, evidence or the URL.
LASTING = (
    "aws:apigateway/restApi:RestApi",
    "aws:cloudfront/distribution:Distribution",
    "aws:dynamodb/table:Table",
    "aws:secretsmanager/secret:Secret",
)
# AWS ends the support of a Python version whether this project does or not.
UNPROMISED = ("/pythonVersion=",)


def breaks(before: Surface, now: Surface) -> list[str]:
    """Return what ``now`` takes away from those who build upon ``before``, a sentence each."""
    found = []
    for name, shape in before.items():
        new = now.get(name)
        if name.endswith(REQUIRES):
            more = sorted(set(_list(new)) - set(_list(shape)))
            found += [f"{name} {', '.join(more)}, too"] if more else []
        elif new is None:
            found += [] if name.endswith((LEAST, MOST)) else [f"{name} is gone"]
        elif name.endswith(LEAST) and isinstance(new, int | float) and isinstance(shape, int | float):
            found += [f"{name} {new} instead of {shape}"] if new > shape else []
        elif name.endswith(MOST) and isinstance(new, int | float) and isinstance(shape, int | float):
            found += [f"{name} {new} instead of {shape}"] if new < shape else []
        elif new != shape:
            found.append(f"{name} is {new!r} instead of {shape!r}")
    # What was not there before and is required now.
    found += [f"{name} {', '.join(_list(now[name]))}" for name in _new_demands(before, now)]
    return found


def _new_demands(before: Surface, now: Surface) -> Iterator[str]:
    """Return the new demands on what existed before."""
    for name, shape in now.items():
        if name.endswith(REQUIRES) and name not in before and shape and name.removesuffix(REQUIRES) in before:
            yield name


def configuration() -> Surface:
    """Return the keys of the configuration: types, values, limits and defaults."""
    found = dict(_schema(json.loads((SCHEMAS / "stack-config.json").read_bytes()), "", defaults=True))
    return {name: shape for name, shape in found.items() if not name.startswith(UNPROMISED)}


def outputs() -> Surface:
    """Return the outputs of stacks with the shipped and with other settings."""
    return {f"{stack} {name}": "output" for stack, members in _snapshots() for name in members["outputs"]}


def resources() -> Surface:
    """Return the type tokens of components, and the logical names of what holds data or is the address."""
    found: Surface = {}
    for stack, members in _snapshots():
        for urn in members["urns"]:
            types, name = urn.split("::")[2:]
            kind = types.rpartition("$")[2]
            if kind.startswith("remote-mcp:"):
                found[kind] = "component"
            if kind in LASTING:
                found[f"{stack} {kind} {name}"] = "resource"
    return found


def api() -> Surface:
    """Return the operations of the HTTP API with their parameters and statuses, and the members of messages."""
    document = yaml.load((SCHEMAS / "openapi.yaml").read_text(), yaml.CSafeLoader)
    found: Surface = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in {"get", "post", "put", "delete", "options"}:
                found |= _operation(f"{method.upper()} {path}", operation, document)
    for name, schema in document["components"]["schemas"].items():
        found |= dict(_schema(schema, name))
    for file in sorted([*(SCHEMAS / "oauth").rglob("*.json"), *(SCHEMAS / "mcp").rglob("*.json")]):
        found |= dict(_schema(json.loads(file.read_bytes()), file.relative_to(SCHEMAS).as_posix()))
    found |= {f"MCP {revision}": "revision" for revision in SUPPORTED}
    return found | {f"{name} in {era}": "method" for name, method in METHODS.items() for era in method.eras}


def audit() -> Surface:
    """Return the security events and the members of a line of the audit log."""
    lines = dict(_schema(json.loads((SCHEMAS / "audit-event.json").read_bytes()), ""))
    # Which members an event has besides is said for each event, and may grow.
    return {**lines, **dict.fromkeys(get_args(EventName), "event")}


def authoring() -> Surface:
    """Return what ``runtime.authoring`` and its styles offer to tools: names, their members and their parameters.

    Of ``components.needs``, which makes the objects of its classes itself, return the methods.
    """
    found: Surface = {}
    for module in (runtime.authoring, fastmcp, sdk, awslabs):
        prefix = module.__name__.removeprefix("runtime.authoring").removeprefix(".")
        for name in module.__all__:
            found |= _offered(f"{prefix}.{name}" if prefix else name, getattr(module, name))
    for name in components.needs.__all__:
        for method, signed in inspect.getmembers(getattr(components.needs, name), inspect.isfunction):
            if not method.startswith("_"):
                found |= {f"{name}.{method}": "member", **_parameters(f"{name}.{method}", signed)}
    return found


def _offered(name: str, value: Any) -> Surface:
    found: Surface = {}
    found[name] = "class" if inspect.isclass(value) else "function" if callable(value) else "type"
    if inspect.isclass(value):
        found |= {f"{name}.{member}": "member" for member in dir(value) if not member.startswith("_")}
    for label, signed in _signed(name, value):
        found |= _parameters(label, signed)
    return found


def commands() -> Surface:
    """Return the commands of ``python -m admin`` and their arguments."""
    return dict(_arguments(_parser(), "admin"))


KINDS: Mapping[str, Callable[[], Surface]] = {
    each.__name__: each for each in (configuration, outputs, resources, api, audit, authoring, commands)
}


def save(version: str) -> None:
    """Record what others build upon in this version."""
    kinds = {kind: surface() for kind, surface in KINDS.items()}
    FILE.write_text(json.dumps({"version": version, "kinds": kinds}, indent=1, sort_keys=True) + "\n")


def _snapshots() -> Iterator[tuple[str, dict[str, list[str]]]]:
    # tests/infra/test_snapshot.py holds them against the program.
    for name in ("stack", "custom_stack"):
        yield name, json.loads((SNAPSHOTS / f"{name}.json").read_bytes())


def _schema(schema: Any, pointer: str, *, defaults: bool = False) -> Iterator[tuple[str, Shape]]:
    """Return the members of a JSON Schema by their pointers."""
    if not isinstance(schema, dict):
        return
    kinds = schema.get("type", [])
    yield pointer, "|".join(sorted(kinds if isinstance(kinds, list) else [kinds])) or schema.get("$ref", "any")
    values = [*schema.get("enum", []), *([schema["const"]] if "const" in schema else [])]
    yield from ((f"{pointer}={json.dumps(value)}", "value") for value in values)
    if defaults and "default" in schema:
        yield f"{pointer} default", json.dumps(schema["default"])
    if "properties" in schema:
        yield f"{pointer}{REQUIRES}", sorted(schema.get("required", []))
    yield from ((f"{pointer} {name}{_LIMITS[name]}", schema[name]) for name in _LIMITS if name in schema)
    parts = {**schema.get("properties", {}), "*": schema.get("items"), "<name>": schema.get("additionalProperties")}
    for name, part in parts.items():
        yield from _schema(part, f"{pointer}/{name}", defaults=defaults)


def _operation(name: str, operation: Mapping[str, Any], document: Mapping[str, Any]) -> Surface:
    parameters = [_resolve(parameter, document) for parameter in operation.get("parameters", [])]
    named = {f"{each['in']} {each['name']}": bool(each.get("required")) for each in parameters}
    return {
        name: "operation",
        f"{name}{REQUIRES}": sorted(parameter for parameter, required in named.items() if required),
        **{f"{name} {parameter}": "parameter" for parameter in named},
        **{f"{name} {status}": "response" for status in operation["responses"]},
    }


def _resolve(value: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in value:
        return value
    found: Any = document
    for part in value["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)


def _signed(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Return what has parameters: a function, the constructor of a class and its methods."""
    if not callable(value):
        return
    if not inspect.isclass(value) or (value.__init__ is not object.__init__ and not issubclass(value, Exception)):
        yield name, value
    if inspect.isclass(value):
        for member, method in inspect.getmembers(value, inspect.isfunction):
            if not member.startswith("_"):
                yield f"{name}.{member}", method


def _parameters(name: str, signed: Any) -> Surface:
    parameters = [each for each in inspect.signature(signed).parameters.values() if each.name != "self"]
    free = {inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL}
    required = [each.name for each in parameters if each.default is each.empty and each.kind not in free]
    kinds = {f"{name}({each.name})": each.kind.description for each in parameters}
    return {f"{name}{REQUIRES}": sorted(required), **kinds}


def _arguments(parser: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, Shape]]:
    yield name, "command"
    required = [action for action in parser._actions if action.required and not _commands(action)]
    yield f"{name}{REQUIRES}", sorted(action.dest for action in required)
    for action in parser._actions:
        for command, each in _commands(action).items():
            yield from _arguments(each, f"{name} {command}")
        if not _commands(action):
            for label in action.option_strings or [str(action.metavar or action.dest)]:
                yield f"{name} {label}", "flag" if action.nargs == 0 else "argument"


def _commands(action: argparse.Action) -> Mapping[str, argparse.ArgumentParser]:
    return action.choices if isinstance(action, argparse._SubParsersAction) else {}


def _list(shape: Shape | None) -> Iterable[str]:
    return shape if isinstance(shape, list) else ()
