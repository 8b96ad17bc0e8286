"""Resources as programs declare them: one that breaks a rule, and one that keeps it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aws_rules.resource import Resource
from aws_rules.rule import Finding
from tests.infra.rules import BY_NAME

ACCOUNT = "123456789012"


@dataclass(frozen=True)
class Sample:
    """What breaks a rule at a property, and the same without the fault. Both may be several resources."""

    rule: str
    property: str
    faulty: Resource | Sequence[Resource]
    sound: Resource | Sequence[Resource]
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        [first, *_] = several(self.faulty)
        return f"{self.rule}: {first.type.rpartition(':')[2]}.{self.property}"

    def findings(self, resources: Resource | Sequence[Resource]) -> list[Finding]:
        return list(BY_NAME[self.rule].findings(several(resources), self.settings))


def several(resources: Resource | Sequence[Resource]) -> list[Resource]:
    return [resources] if isinstance(resources, Resource) else list(resources)


def aws(kind: str, name: str = "one", /, **properties: Any) -> Resource:
    """Return a resource of a kind such as ``sns/topic:Topic``. Its URN is its name."""
    return Resource(f"aws:{kind}", name, properties, name)


def document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]})


def role_policy(**statement: Any) -> Resource:
    return aws("iam/rolePolicy:RolePolicy", role="worker", policy=document(statement))


def role(**statement: Any) -> Resource:
    return aws("iam/role:Role", assumeRolePolicy=document({"Action": "sts:AssumeRole", **statement}))
