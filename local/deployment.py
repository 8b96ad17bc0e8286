"""Applies the declared resources one by one, and deletes resources that the program no longer declares."""

import contextlib
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import pulumi
from botocore.exceptions import BotoCoreError, ClientError

from local.aws import Aws
from local.errors import LocalError, Unsupported
from local.interruption import REQUESTED
from local.invokes import answer_invoke
from local.left_out import LeftOut
from local.report import step
from local.resources import KINDS
from local.resources.archive import hash_archives
from local.resources.kind import Applied, Kind, Properties, PutKind, whole_numbers
from local.resources.tags import retag
from local.secret_inputs import reveal
from local.state import Entry, State


class Deployment(pulumi.runtime.Mocks):
    """One run of the program. Pulumi calls it from several threads, dependencies before dependents."""

    def __init__(self, aws: Aws, state: State, prefix: str = "") -> None:
        self.aws = aws
        self.state = state
        self.left_out = LeftOut(aws, prefix)
        self.failure: LocalError | None = None
        # The inputs that a program leaves to others after it created a resource, by its type and name.
        self.ignored: dict[tuple[str, str], Sequence[str]] = {}
        self.counts = {"created": 0, "updated": 0, "replaced": 0, "deleted": 0, "unchanged": 0}
        self._declared: set[str] = set()
        self._lock = threading.RLock()
        self._idle = threading.Condition()
        self._at_work = 0

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Answer an invoke of the program."""
        try:
            return answer_invoke(self.aws, args.token, args.args), []
        except LocalError as error:
            raise self._record_failure(error) from error

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Apply one resource and return its physical id and its real outputs."""
        if not args.custom:
            return "", {}
        with self._count_work():
            try:
                entry = self._apply(args)
            except Unsupported as error:
                if (args.typ, args.name) not in self.left_out.own:
                    raise self._record_failure(LocalError(f"{args.typ} {args.name}: {error}")) from error
                return self._leave_out(args, str(error))
            except (LocalError, ClientError, BotoCoreError, KeyError) as error:
                reason = f"the input {error} is missing" if isinstance(error, KeyError) else error
                raise self._record_failure(LocalError(f"{args.typ} {args.name}: {reason}")) from error
        return entry.id, args.inputs | entry.outputs

    def abandon(self) -> None:
        """Start no more resources, and wait until those in progress are finished and recorded."""
        self._record_failure(LocalError("interrupted"))
        with self._idle:
            self._idle.wait_for(lambda: self._at_work == 0)

    def prune(self) -> None:
        """Delete replaced and no longer declared resources, dependents before dependencies."""
        while self.state.replaced:
            self._remove(self.state.replaced[-1])
            self.state.replaced.pop()
        for urn in [urn for urn in reversed(self.state.resources) if urn not in self._declared]:
            entry = self.state.resources[urn]
            self._remove(entry)
            step("deleted", KINDS[entry.type].label, entry.name)
            self.counts["deleted"] += 1
            del self.state.resources[urn]
            self.state.save()

    def _apply(self, args: pulumi.runtime.MockResourceArgs) -> Entry:
        kind = KINDS.get(args.typ)
        if kind is None:
            raise Unsupported("the local stack does not support this resource type; add it to local/resources")
        if (args.typ, args.name) in self.left_out.own:
            if used := self.left_out.find_omissions(args.inputs):
                raise Unsupported(f"it is made of {used[0].name}, which is left out")
        else:
            self.left_out.note_use(args.typ, args.name, args.inputs)
        urn = _urn(args)
        given = whole_numbers(reveal(args.inputs))
        with self._lock:
            if urn in self._declared:
                raise LocalError("the program declares it twice")
            self._declared.add(urn)
            old = self.state.resources.get(urn)
            if old:
                given = _leave(self.ignored.get((args.typ, args.name), ()), given, old.inputs)
            kept: Properties = hash_archives(given)
            if old and old.inputs == kept and not old.stale:
                self.counts["unchanged"] += 1
                return old
        verb, applied = self._write(kind, urn, args.name, old, given)
        tags_before: dict[str, str] = old.inputs.get("tags", {}) if old and verb == "updated" else {}
        tags: dict[str, str] = given.get("tags", {})
        if tags != tags_before:
            retag(self.aws, applied.outputs["arn"], tags_before, tags)
        entry = Entry(args.typ, args.name, applied.id, kept, {**applied.outputs, "tagsAll": tags})
        with self._lock:
            if verb != "updated" or isinstance(kind, PutKind):
                self._mark_wiped(kind, entry)
            self.state.resources[urn] = entry
            self.state.save()
            self.counts[verb] += 1
            step(verb, kind.label, entry.name)
        return entry

    def _leave_out(self, args: pulumi.runtime.MockResourceArgs, reason: str) -> tuple[str, dict[str, Any]]:
        """Leave a resource of the app out. If an earlier program had it, it is deleted at the end."""
        with self._lock:
            self._declared.discard(_urn(args))
            step("left out", args.typ, args.name)
            return self.left_out.leave_out(args.typ, args.name, args.inputs, reason)

    def _write(self, kind: Kind, urn: str, name: str, old: Entry | None, given: Properties) -> tuple[str, Applied]:
        """Create, update or replace a resource, without its tags. Return the verb and the result."""
        inputs = {key: value for key, value in given.items() if key != "tags"}
        if old is None:
            return "created", kind.create(self.aws, name, inputs)
        before = {key: value for key, value in old.inputs.items() if key != "tags"}
        if all(before.get(key) == hash_archives(inputs.get(key)) for key in kind.fixed):
            applied = kind.update(self.aws, name, old.id, before, inputs)
            if applied is not None:
                return "updated", applied
        if not kind.create_first:
            kind.remove(self.aws, old.id, old.inputs)
        with self._lock:
            if kind.create_first:
                self.state.replaced.append(old)
            self._forget(urn, old)
        return "replaced", kind.create(self.aws, name, inputs)

    def _forget(self, urn: str, old: Entry) -> None:
        """Remove a replaced resource from the state, and mark resources that refer to its name or ARN as stale."""
        names = {old.id, old.outputs.get("arn", old.id)}
        del self.state.resources[urn]
        for entry in self.state.resources.values():
            entry.stale = entry.stale or _mentions(entry.inputs, names)
        self.state.save()

    def _mark_wiped(self, kind: Kind, writer: Entry) -> None:
        for entry in self.state.resources.values():
            if entry.type in kind.wipes and all(entry.inputs.get(key) == writer.inputs.get(key) for key in kind.scope):
                entry.stale = True

    def _remove(self, entry: Entry) -> None:
        try:
            KINDS[entry.type].remove(self.aws, entry.id, entry.inputs)
        except (ClientError, BotoCoreError) as error:
            raise LocalError(f"{entry.type} {entry.name}: {error}") from error

    @contextlib.contextmanager
    def _count_work(self) -> Iterator[None]:
        """Count one resource as in progress. Raise the failure if the deployment has already failed."""
        with self._idle:
            if REQUESTED.is_set():
                self._record_failure(LocalError("interrupted"))
            if self.failure:
                raise self.failure
            self._at_work += 1
        try:
            yield
        finally:
            with self._idle:
                self._at_work -= 1
                self._idle.notify_all()

    def _record_failure(self, failure: LocalError) -> LocalError:
        """Record the first failure and return it. Later failures are its consequences."""
        self.failure = self.failure or failure
        return self.failure


def _urn(args: pulumi.runtime.MockResourceArgs) -> str:
    return f"urn:pulumi:{args.typ}::{args.name}"


def _leave(ignored: Sequence[str], given: Properties, before: Mapping[str, Any]) -> Properties:
    """Return ``given`` with the ignored inputs as they were before, like the engine."""
    kept = {key: value for key, value in given.items() if key not in ignored}
    return kept | {key: before[key] for key in ignored if key in before}


def _mentions(value: Any, names: Collection[str]) -> bool:
    if isinstance(value, dict):
        return any(_mentions(item, names) for item in value.values())
    if isinstance(value, list):
        return any(_mentions(item, names) for item in value)
    return value in names
