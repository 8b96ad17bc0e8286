"""The AWS provider, as far as this program needs it: real to the engine, and the emulator behind it."""

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import metadata
from typing import Any, TypeVar

import grpc
from botocore.exceptions import BotoCoreError, ClientError
from google.protobuf import empty_pb2
from pulumi.runtime import proto, rpc
from pulumi.runtime.proto import provider_pb2

from local.aws import Aws
from local.errors import LocalError
from local.invokes import answer_invoke
from local.resources import KINDS
from local.resources.kind import Applied, Kind, Properties
from local.resources.tags import retag
from tests.engine.provider.properties import DEFAULTS, as_applied, differs, for_kind, from_struct, to_struct
from tests.engine.provider.reading import exists
from tests.engine.provider.replacements import RULES, Rules

VERSION = metadata.version("pulumi-aws")
SUFFIX_LENGTH = 7
# Terraform provider, internal/service/lambda/function.go, updateComputedAttributesOnPublish: with ``publish``, any
# change but that of these inputs makes a new version.
_WITHOUT_VERSION = frozenset({"tags", "reservedConcurrentExecutions", "skipDestroy", "name"})
_OF_A_VERSION = ("version", "qualifiedArn", "qualifiedInvokeArn")

Handler = TypeVar("Handler", bound=Callable[..., Any])


def _explain(handler: Handler) -> Handler:
    """Give the engine the message of an error, and not the traceback of this process."""

    @functools.wraps(handler)
    def run(self: "Servicer", request: Any, context: grpc.ServicerContext) -> Any:
        try:
            return handler(self, request, context)
        except (LocalError, ClientError, BotoCoreError, KeyError) as error:
            reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            context.abort(grpc.StatusCode.UNKNOWN, reason)

    return run  # type: ignore[return-value]  # it has the same signature


class Servicer(proto.ResourceProviderServicer):
    """Answers the engine, and fails where a test wants it to."""

    def __init__(self, aws: Aws, kinds: Mapping[str, Kind] = KINDS, rules: Mapping[str, Rules] = RULES) -> None:
        self._aws = aws
        self._kinds = kinds
        self._rules = rules
        self._refused: frozenset[str] = frozenset()

    def work_for(self, aws: Aws) -> None:
        """Work with other credentials from now on."""
        self._aws = aws

    @contextmanager
    def refuse(self, *resources: str) -> Iterator[None]:
        """Let every change of these resources, given as type and name, fail while in the context."""
        self._refused = frozenset(resources)
        try:
            yield
        finally:
            self._refused = frozenset()

    def Attach(self, request: Any, context: Any) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def Handshake(self, request: Any, context: Any) -> provider_pb2.ProviderHandshakeResponse:
        # Without accept_secrets, the engine unwraps secrets for the provider and marks what comes back.
        return provider_pb2.ProviderHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: Any) -> proto.PluginInfo:
        return proto.PluginInfo(version=VERSION)

    def CheckConfig(self, request: provider_pb2.CheckRequest, context: Any) -> provider_pb2.CheckResponse:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: provider_pb2.DiffRequest, context: Any) -> provider_pb2.DiffResponse:
        changed = from_struct(request.olds) != from_struct(request.news)
        return provider_pb2.DiffResponse(changes=_changes(changed=changed))

    def Configure(self, request: Any, context: Any) -> provider_pb2.ConfigureResponse:
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Cancel(self, request: Any, context: Any) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    @_explain
    def Invoke(self, request: provider_pb2.InvokeRequest, context: Any) -> provider_pb2.InvokeResponse:
        response = provider_pb2.InvokeResponse()
        # The field has the name of a keyword.
        getattr(response, "return").CopyFrom(
            to_struct(answer_invoke(self._aws, request.tok, from_struct(request.args)))
        )
        return response

    @_explain
    def Check(self, request: provider_pb2.CheckRequest, context: Any) -> provider_pb2.CheckResponse:
        """Refuse an unknown type, and give the resource a name with a random suffix if the program sets none."""
        rules = self._rules.get(request.type)
        if rules is None or request.type not in self._kinds:
            raise LocalError(f"add {request.type} to local/resources and tests/engine/provider")
        inputs, olds = from_struct(request.news), from_struct(request.olds)
        unknown = inputs.keys() - rules.replaces - rules.updates - {"name"}
        if unknown:
            raise LocalError(f"does {sorted(unknown)} of {request.type} replace it? Say so in {RULES_FILE}")
        defaults = []
        if rules.named and rules.name not in inputs:
            made_up = f"{request.name}-{request.randomSeed.hex()[:SUFFIX_LENGTH]}"
            inputs[rules.name] = olds[rules.name] if rules.name in olds.get(DEFAULTS, []) else made_up
            defaults.append(rules.name)
        return provider_pb2.CheckResponse(inputs=to_struct({**inputs, DEFAULTS: defaults}))

    @_explain
    def Diff(self, request: provider_pb2.DiffRequest, context: Any) -> provider_pb2.DiffResponse:
        """Say what changes, and whether AWS can change it in place."""
        olds, news = from_struct(request.old_inputs), from_struct(request.news)
        changed = _changed(olds, news)
        replaces = sorted(changed & self._rules[request.type].replaces)
        # Two resources cannot have the same name, so a name that the program sets stands in the way of its replacement.
        rules = self._rules[request.type]
        own_name = rules.named and rules.name not in news[DEFAULTS] and rules.name not in changed
        return provider_pb2.DiffResponse(
            changes=_changes(changed=bool(changed)),
            diffs=sorted(changed),
            replaces=replaces,
            deleteBeforeReplace=bool(replaces) and own_name,
        )

    @_explain
    def Create(self, request: provider_pb2.CreateRequest, context: Any) -> provider_pb2.CreateResponse:
        inputs = from_struct(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(properties=to_struct(_outputs(inputs, {})))
        self._refuse_planted(request)
        applied = self._kinds[request.type].create(self._aws, request.name, for_kind(inputs))
        self._retag(applied, {}, inputs)
        return provider_pb2.CreateResponse(id=applied.id, properties=to_struct(_outputs(inputs, applied.outputs)))

    @_explain
    def Update(self, request: provider_pb2.UpdateRequest, context: Any) -> provider_pb2.UpdateResponse:
        olds, news = from_struct(request.old_inputs), from_struct(request.news)
        state = from_struct(request.olds)
        if request.preview:
            kept = {key: value for key, value in state.items() if key not in olds}
            return provider_pb2.UpdateResponse(properties=to_struct(_outputs(news, kept | _new_version(olds, news))))
        self._refuse_planted(request)
        kind = self._kinds[request.type]
        _check_emulator(kind, _changed(olds, news))
        applied = kind.update(self._aws, request.name, request.id, as_applied(olds, news), for_kind(news))
        if applied is None:
            raise LocalError(f"the emulator cannot change this {kind.label} in place")
        self._retag(applied, olds, news)
        return provider_pb2.UpdateResponse(properties=to_struct(_outputs(news, applied.outputs)))

    @_explain
    def Read(self, request: provider_pb2.ReadRequest, context: Any) -> provider_pb2.ReadResponse:
        """Return the resource as it was, or nothing if it is gone."""
        if not exists(self._aws, request.type, request.id, from_struct(request.properties)):
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)

    @_explain
    def Delete(self, request: provider_pb2.DeleteRequest, context: Any) -> empty_pb2.Empty:
        self._refuse_planted(request)
        self._kinds[request.type].remove(self._aws, request.id, from_struct(request.properties))
        return empty_pb2.Empty()

    def _retag(self, applied: Applied, olds: Properties, news: Properties) -> None:
        before, after = olds.get("tags", {}), news.get("tags", {})
        if before != after:
            retag(self._aws, applied.outputs["arn"], before, after)

    def _refuse_planted(self, request: Any) -> None:
        if f"{request.type} {request.name}" in self._refused:
            raise LocalError("a planted failure")


RULES_FILE = "tests/engine/provider/replacements.py"


def _changed(olds: Properties, news: Properties) -> frozenset[str]:
    keys = (olds.keys() | news.keys()) - {DEFAULTS}
    return frozenset(key for key in keys if differs(olds.get(key), news.get(key)))


def _changes(*, changed: bool) -> provider_pb2.DiffResponse.DiffChanges.ValueType:
    response = provider_pb2.DiffResponse
    return response.DIFF_SOME if changed else response.DIFF_NONE


def _outputs(inputs: Properties, outputs: Properties) -> Properties:
    return {
        **{key: value for key, value in inputs.items() if key != DEFAULTS},
        **outputs,
        "tagsAll": inputs.get("tags", {}),
    }


def _new_version(olds: Properties, news: Properties) -> Properties:
    """Return the outputs of a function that a preview cannot know, because the update publishes a new version."""
    if not news.get("publish") or not _changed(olds, news) - _WITHOUT_VERSION:
        return {}
    return dict.fromkeys(_OF_A_VERSION, rpc.UNKNOWN)


def _check_emulator(kind: Kind, changed: frozenset[str]) -> None:
    """Refuse what AWS can change in place and the emulator cannot, rather than do something else."""
    fixed = sorted(changed & set(kind.fixed))
    if fixed:
        raise LocalError(f"the emulator cannot change {', '.join(fixed)} of this {kind.label} in place")
    if kind.wipes:
        raise LocalError(f"the emulator would lose other resources by changing this {kind.label}")
