"""Runs the program with Pulumi's mocks and records every declared resource."""

import asyncio
import functools
import gc
import runpy
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import grpc
import pulumi
from pulumi.runtime import mocks
from pulumi.runtime.proto import source_pb2
from pulumi.runtime.settings import set_root_resource
from pulumi.runtime.stack import Stack as RootStack

from components.packaging.archive import Packager
from tests.support.local_stack import EXAMPLE_APP

PROJECT = Path(__file__).resolve().parent.parent.parent
ACCOUNT_ID = "123456789012"
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
REGION = "eu-central-1"
API_ID = "a1b2c3d4e5"
DISTRIBUTION = "d111111abcdef8.cloudfront.net"
CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"
REGIONAL_DOMAIN = f"d-a1b2c3d4e5.execute-api.{REGION}.amazonaws.com"
REGIONAL_ZONE = "Z1U9ULNL0V5AJ3"
INVOKES = {
    "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT_ID},
    "aws:index/getRegion:getRegion": {"region": REGION},
    "aws:index/getPartition:getPartition": {"partition": "aws", "dnsSuffix": "amazonaws.com"},
    "aws:ec2/getSubnet:getSubnet": {"vpcId": "vpc-1"},
}
# What the provider answers for a kind of resource, whatever its inputs are.
ANSWERS: Mapping[str, Mapping[str, str]] = {
    "Distribution": {"domainName": DISTRIBUTION, "hostedZoneId": CLOUDFRONT_ZONE},
    "DomainName": {"regionalDomainName": REGIONAL_DOMAIN, "regionalZoneId": REGIONAL_ZONE},
    "Function": {"version": "1"},
}


@dataclass(frozen=True)
class Declaration:
    """One declared resource: its type token, logical name, and inputs by the names of the AWS provider."""

    type: str
    name: str
    inputs: Mapping[str, Any]


class NothingThere(grpc.RpcError):
    """What the engine answers about a resource that does not exist."""

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        return "couldn't find resource"


@dataclass
class Recorder(mocks.Mocks):
    """Answers like the AWS provider. In a preview it returns only the inputs, so all other outputs are unknown."""

    preview: bool = False
    existing: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    declared: list[Declaration] = field(default_factory=list)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        self.declared.append(Declaration(args.typ, args.name, args.inputs))
        if self.preview:
            return None, dict(args.inputs)
        kind = args.typ.rpartition(":")[2]
        identity = API_ID if kind == "RestApi" else f"{args.name}-id"
        outputs = {"name": args.name, "arn": arn(kind, args.name), **ANSWERS.get(kind, {})}
        match kind:
            case "RestApi":
                outputs |= {"rootResourceId": "root", "executionArn": f"arn:aws:execute-api:::{identity}"}
            case "Bucket":
                outputs |= {"bucket": args.name}
            case "Key":
                outputs |= {"keyId": identity}
            case "Alias" if "functionName" in args.inputs:
                qualified = f"{arn('Function', args.inputs['functionName'])}:{args.inputs['name']}"
                outputs |= {"arn": qualified, "invokeArn": f"{qualified}/invocations"}
            case "ApiKey":
                outputs |= {"value": f"value-of-{args.name}"}
            case "Stage":
                outputs |= {
                    "invokeUrl": f"https://{API_ID}.execute-api.{REGION}.amazonaws.com/{args.inputs['stageName']}"
                }
        return identity, outputs | args.inputs

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        answers = {**INVOKES, **self.existing}
        if args.token not in answers:
            raise NothingThere
        return answers[args.token], []


def arn(kind: str, name: str) -> str:
    """Return the ARN that the recorder gives to a resource."""
    return f"arn:aws:{kind.lower()}:::{name}"


@dataclass(frozen=True)
class Options:
    """The resource options that the engine obeys.

    URNs, whether it refuses to delete or leaves the resource, outputs that it encrypts, and inputs whose changes it
    ignores. Its parent, and whether it also looks for the resource among the children of the stack. For each input the
    URNs of the resources that it was made from.
    """

    urn: str
    protect: bool
    deleted_with: str
    dependencies: frozenset[str]
    secret_outputs: frozenset[str]
    ignored: frozenset[str]
    retained: bool
    parent: str
    was_in_stack: bool
    made_from: Mapping[str, frozenset[str]]


class RecordingMonitor(mocks.MockMonitor):
    """Keeps the options of each resource, which Pulumi's mocks do not see, by type and name."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder)
        self.options: dict[tuple[str, str], Options] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802  # the name is Pulumi's
        options = Options(
            self.make_urn(request.parent, request.type, request.name),
            request.protect,
            request.deletedWith,
            frozenset(request.dependencies),
            frozenset(request.additionalSecretOutputs),
            frozenset(request.ignoreChanges),
            request.retainOnDelete,
            request.parent,
            any(alias.spec.noParent for alias in request.aliases),
            {key: frozenset(value.urns) for key, value in request.propertyDependencies.items()},
        )
        self.options[request.type, request.name] = options
        return super().RegisterResource(request)  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Stack:
    """The resources and outputs of one run of the program. An unknown output is absent."""

    declared: tuple[Declaration, ...]
    outputs: Mapping[str, Any]
    urns: tuple[str, ...]
    options: Mapping[tuple[str, str], Options]

    def all(self, kind: str) -> Iterator[Declaration]:
        """Return the resources whose type token ends with ``kind``, such as ``iam/role:Role``."""
        return (resource for resource in self.declared if resource.type.endswith(f":{kind}"))

    def one(self, kind: str, name: str = "") -> Declaration:
        """Return the only resource of ``kind`` whose name ends with ``name``."""
        found = [resource for resource in self.all(kind) if resource.name.endswith(name)]
        assert len(found) == 1, [resource.name for resource in found]
        return found[0]

    def options_of(self, resource: Declaration) -> Options:
        return self.options[resource.type, resource.name]


_build = functools.cache(Packager.build)
# Pulumi needs one, and asyncio.run of other tests leaves none.
LOOP = asyncio.new_event_loop()


def _build_once(
    packager: Packager,
    module: str,
    data: Sequence[str] = (),
    also: Sequence[str] = (),
    generated: Mapping[str, bytes] | None = None,
) -> Path:
    """Build an archive once for all runs of this process, which change no file: that is a fifth of a run."""
    if generated:
        return _build.__wrapped__(packager, module, data, also, generated)
    return _build(packager, module, tuple(data), tuple(also))


def _without_traces() -> AbstractContextManager[object]:
    """Leave out where in the code each resource was declared, which only the engine reads."""
    return mock.patch("pulumi.runtime.resource._get_stack_trace", source_pb2.StackTrace)


@contextmanager
def _without_collections() -> Iterator[None]:
    """Hold back the garbage collector, which would walk over all of pulumi_aws again and again: two fifths of a run."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def run_program(
    config: Mapping[str, str] | None = None,
    stack: str = "dev",
    *,
    project: str = "remote-mcp",
    preview: bool = False,
    existing: Mapping[str, dict[str, Any]] | None = None,
    program: Path = PROJECT / "program.py",
) -> Stack:
    """Run ``program`` with ``config``, whose keys have no namespace.

    ``existing`` has what the AWS provider answers about resources that the program does not declare, by the tokens of
    its functions.
    """
    asyncio.set_event_loop(LOOP)
    recorder = Recorder(preview, existing or {})
    # A program that ran in this process before must not leave its exports among those of this one.
    set_root_resource(None)  # type: ignore[arg-type]  # None is what it starts with
    monitor = RecordingMonitor(recorder)
    pulumi.runtime.set_mocks(recorder, project=project, stack=stack, preview=preview, monitor=monitor)
    # As on the local stack, the functions are built for the Python at hand. An app and its needs are their owner's.
    app = {} if "appDirectory" in (config or {}) else {"appModule": EXAMPLE_APP}
    config = {"pythonVersion": HERE, **app, "appNeeds": "none", **(config or {})}
    pulumi.runtime.set_all_config({f"{project}:{key}": value for key, value in config.items()})
    outputs: dict[str, Any] = {}

    def run() -> pulumi.Output[Any]:
        runpy.run_path(str(program))
        root = pulumi.runtime.get_root_resource()
        assert isinstance(root, RootStack)
        return pulumi.Output.all(**root.outputs).apply(outputs.update)

    with mock.patch.object(Packager, "build", _build_once), _without_traces(), _without_collections():
        mocks.test(run)()  # type: ignore[no-untyped-call]
    return Stack(tuple(recorder.declared), outputs, tuple(monitor.get_registered_resources()), monitor.options)
