"""Tests of rules for all resources and all runs of the program."""

import dataclasses
import hashlib
import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pulumi
import pytest

import components
from aws_rules.data.tags import TAGGABLE
from runtime.version import VERSION
from tests.infra.recorder import Stack, run_program


def test_components_have_the_type_tokens_they_are_known_by(stack: Stack, custom_stack: Stack) -> None:
    declared = (*stack.declared, *custom_stack.declared)
    components = {resource.type for resource in declared if resource.type.startswith("remote-mcp:")}
    names = ("Api", "AuditLog", "Endpoint", "Function", "GatewayAccount", "Monitoring", "SigningKey", "Store")
    edges = ("Distribution", "ExternalEdge")
    by_setting = ("Upstream", "EncryptionKey", "Trail", "TrailBucket", "LogExport")
    parts = {f"remote-mcp:aws:{name}" for name in (*names, *edges, *by_setting)}
    assert components == {"remote-mcp:index:RemoteMcpServer", *parts}


def test_the_stack_states_the_version(stack: Stack) -> None:
    assert stack.outputs["version"] == VERSION


def test_everything_that_takes_tags_is_tagged(stack: Stack, custom_stack: Stack) -> None:
    for each, tags in (
        (stack, {"project": "remote-mcp", "stack": "dev"}),
        (custom_stack, {"project": "remote-mcp", "stack": "prod", "team": "platform"}),
    ):
        for resource in each.declared:
            if resource.type in TAGGABLE:
                assert resource.inputs.get("tags") == tags, resource.name


def texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from (text for pair in value.items() for part in pair for text in texts(part))
        case list():
            yield from (text for item in value for text in texts(item))


def digests(stack: Stack) -> set[str]:
    """Return what looks like a key and is none: hashes of what the gateway deploys, and of the edge's keys."""
    keys = (f"value-of-{key.name}" for key in stack.all("apigateway/apiKey:ApiKey"))
    deployment = stack.one("apigateway/deployment:Deployment").inputs["triggers"]["sha256"]
    return {deployment, *(hashlib.sha256(key.encode()).hexdigest() for key in keys)}


def test_no_input_of_any_resource_looks_like_a_key(stack: Stack, custom_stack: Stack) -> None:
    """An HS256 key has at least 32 bytes: 43 characters of base64 or 64 hexadecimal digits."""
    for each in (stack, custom_stack):
        harmless = digests(each)
        for resource in each.declared:
            for text in texts(dict(resource.inputs)):
                # The folder in the bucket of the trail has letters of both cases.
                for word in re.findall(r"[A-Za-z0-9+/_=-]{43,}", text.replace("/AWSLogs/", " ")):
                    base64 = all(re.search(kind, word) for kind in ("[0-9]", "[A-Z]", "[a-z]"))
                    hexadecimal = re.fullmatch("[0-9a-f]{64,}", word)
                    assert word in harmless or not (base64 or hexadecimal), resource.name


@pytest.mark.slow
def test_a_preview_works_while_nothing_is_known(stack: Stack) -> None:
    preview = run_program(preview=True)
    kinds = {resource.type for resource in preview.declared}
    assert {resource.type for resource in stack.declared} == kinds
    assert preview.outputs == {}


@pytest.mark.slow
def test_running_the_program_again_declares_the_same(stack: Stack) -> None:
    first, second = (
        {(resource.type, resource.name): comparable(resource.inputs) for resource in run.declared}
        for run in (stack, run_program())
    )
    assert first == second


def comparable(inputs: Any) -> dict[str, Any]:
    return {key: value.path if isinstance(value, pulumi.FileArchive) else value for key, value in inputs.items()}


MODULES = [importlib.import_module(f"components.{module.name}") for module in pkgutil.iter_modules(components.__path__)]
ARGUMENTS = sorted(
    {value for module in MODULES for name, value in vars(module).items() if name.endswith("Args")},
    key=lambda arguments: arguments.__name__,
)


@pytest.mark.parametrize("arguments", ARGUMENTS, ids=lambda arguments: arguments.__name__)
def test_the_arguments_of_a_component_are_typed_and_frozen(arguments: Any) -> None:
    assert arguments.__dataclass_params__.frozen
    assert "Any" not in {field.type for field in dataclasses.fields(arguments)}
