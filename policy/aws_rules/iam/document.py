"""Policy documents: the JSON in which IAM and the services say who may do what."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aws_rules.resource import UNKNOWN, Resource

# Where the documents of a resource are: permissions of a role, user or group ...
IDENTITY = {
    "aws:iam/policy:Policy": ("policy",),
    "aws:iam/rolePolicy:RolePolicy": ("policy",),
    "aws:iam/userPolicy:UserPolicy": ("policy",),
    "aws:iam/groupPolicy:GroupPolicy": ("policy",),
    "aws:iam/role:Role": ("inlinePolicies",),
}
# ... and what a resource says about who may use it.
RESOURCE = {
    "aws:backup/vaultPolicy:VaultPolicy": ("policy",),
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy": ("policy",),
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": ("policyDocument",),
    "aws:dynamodb/resourcePolicy:ResourcePolicy": ("policy",),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": ("policy",),
    "aws:kms/key:Key": ("policy",),
    "aws:kms/keyPolicy:KeyPolicy": ("policy",),
    "aws:s3/bucket:Bucket": ("policy",),
    "aws:s3/bucketPolicy:BucketPolicy": ("policy",),
    "aws:secretsmanager/secret:Secret": ("policy",),
    "aws:secretsmanager/secretPolicy:SecretPolicy": ("policy",),
    "aws:sns/topic:Topic": ("policy",),
    "aws:sns/topicPolicy:TopicPolicy": ("policy",),
    "aws:sqs/queue:Queue": ("policy",),
    "aws:sqs/queuePolicy:QueuePolicy": ("policy",),
}
TRUST = {"aws:iam/role:Role": ("assumeRolePolicy",)}


@dataclass(frozen=True)
class Statement:
    """A statement that allows something. ``place`` is where it is in the resource, and ``not_`` what it leaves out.

    ``conditions`` has the values of each key in lower case, of operators that demand a value.
    """

    place: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: tuple[tuple[str, str], ...]
    not_: frozenset[str]
    conditions: Mapping[str, tuple[str, ...]]


def allowing(resource: Resource, places: Mapping[str, tuple[str, ...]]) -> Iterator[Statement]:
    """Return the statements of a resource's documents that allow something, as far as they are known."""
    for place in places.get(resource.kind, ()):
        for path, document in _documents(place, resource.value(place)):
            for number, statement in enumerate(_list(document.get("Statement"))):
                if not isinstance(statement, Mapping) or statement.get("Effect") != "Allow":
                    continue
                # A condition that is not known yet may be all that is needed.
                if statement.get("Condition") is not UNKNOWN:
                    yield _read(f"{path}.Statement[{number}]", statement)


def denying(resource: Resource, places: Mapping[str, tuple[str, ...]]) -> Iterator[Mapping[str, Any]]:
    """Return the statements that deny something, as they are written."""
    for place in places.get(resource.kind, ()):
        for _, document in _documents(place, resource.value(place)):
            for statement in _list(document.get("Statement")):
                if isinstance(statement, Mapping) and statement.get("Effect") == "Deny":
                    yield statement


def _documents(place: str, value: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Return the documents in a property with their places: text, an object, or a list of objects with a policy."""
    if isinstance(value, list | tuple):
        for number, item in enumerate(value):
            if isinstance(item, Mapping):
                yield from _documents(f"{place}[{number}].policy", item.get("policy"))
    elif isinstance(value, str):
        try:
            document = json.loads(value)
        except ValueError:
            return  # The provider refuses it.
        if isinstance(document, Mapping):
            yield place, document
    elif isinstance(value, Mapping):
        yield place, value


def _read(place: str, statement: Mapping[str, Any]) -> Statement:
    principal = statement.get("Principal")
    return Statement(
        place=place,
        actions=_texts(statement.get("Action")),
        resources=_texts(statement.get("Resource")),
        principals=tuple(_principals(principal)),
        not_=frozenset(name for name in ("NotAction", "NotResource", "NotPrincipal") if name in statement),
        conditions=_conditions(statement.get("Condition")),
    )


def _principals(principal: Any) -> Iterator[tuple[str, str]]:
    if isinstance(principal, str):
        yield "*", principal
    elif isinstance(principal, Mapping):
        for kind, value in principal.items():
            yield from ((kind, one) for one in _texts(value))


def _conditions(condition: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    if isinstance(condition, Mapping):
        for operator, keys in condition.items():
            # "Not" admits everybody but some, "IfExists" and "ForAllValues" whoever sends no value, "Null" any value.
            if "Not" in operator or operator.endswith("IfExists") or operator.startswith(("ForAllValues", "Null")):
                continue
            for key, value in keys.items() if isinstance(keys, Mapping) else ():
                found[key.lower()] = _texts(value)
    return found


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [] if value in (None, UNKNOWN) else [value]


def _texts(value: Any) -> tuple[str, ...]:
    """Return the texts of a text or a list. An unknown value stays out, and so is reported by no rule."""
    return tuple(one if isinstance(one, str) else str(one).lower() for one in _list(value) if one is not UNKNOWN)
