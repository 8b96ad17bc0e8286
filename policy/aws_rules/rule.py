"""What a rule is: a function that reports findings, with a name, a level and settings."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from fnmatch import fnmatchcase
from typing import Any

from aws_rules.resource import Resource

Settings = Mapping[str, Any]


class Level(Enum):
    """What a finding does to a deployment, unless the configuration says otherwise."""

    ADVISORY = "advisory"
    MANDATORY = "mandatory"


@dataclass(frozen=True)
class Finding:
    """One property of one resource that breaks a rule.

    ``place`` is the path of the property, and ``subject`` the part of its value that breaks the rule.
    """

    resource: Resource
    place: str
    problem: str
    remedy: str
    subject: str = ""

    @property
    def message(self) -> str:
        """Name the resource and the property, say what is wrong, and what to do."""
        return f"{self.resource.type} {self.resource.name}: {self.place} {self.problem}; {self.remedy}"


@dataclass(frozen=True)
class Setting:
    """What the configuration of a policy pack can change about a rule: a JSON Schema with a default."""

    schema: Mapping[str, Any]
    default: Any
    meaning: str


# Every rule has it. A resource is given by its name in the program, where * stands for any characters.
EXCEPTIONS = Setting(
    {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"resource": {"type": "string"}, "reason": {"type": "string", "minLength": 1}},
            "required": ["resource", "reason"],
            "additionalProperties": False,
        },
    },
    [],
    "resources that may break the rule, each with a reason",
)


@dataclass(frozen=True)
class Rule:
    """One rule. ``kinds`` are the types of resources that it reports about, and ``controls`` what AWS calls it.

    ``whole_stack`` rules look at several resources together, so they run when all are declared.
    """

    name: str
    description: str
    kinds: frozenset[str]
    level: Level
    controls: tuple[str, ...]
    settings: Mapping[str, Setting]
    whole_stack: bool
    check: Callable[[Sequence[Resource], Settings], Iterable[Finding]]

    def findings(self, resources: Sequence[Resource], configuration: Settings | None = None) -> Iterator[Finding]:
        """Report what breaks the rule. ``configuration`` has values of settings, and those left out their defaults."""
        settings = {name: setting.default for name, setting in self.settings.items()} | dict(configuration or {})
        for finding in self.check(resources, settings):
            if not any(fnmatchcase(finding.resource.name, each["resource"]) for each in settings["exceptions"]):
                yield finding


@dataclass(frozen=True)
class Maker:
    """Makes rules of functions. The first line of the function's docstring describes the rule."""

    name: str
    kinds: Iterable[str]
    level: Level = Level.MANDATORY
    controls: tuple[str, ...] = ()
    settings: Mapping[str, Setting] = field(default_factory=dict)

    def __call__(self, check: Callable[[Resource, Settings], Iterable[Finding]]) -> Rule:
        """Make a rule that looks at each resource by itself."""
        kinds = frozenset(self.kinds)

        def each(resources: Sequence[Resource], settings: Settings) -> Iterator[Finding]:
            for resource in resources:
                if resource.kind in kinds:
                    yield from check(resource, settings)

        return self._rule(check.__doc__, each, whole_stack=False)

    def of_stack(self, check: Callable[[Sequence[Resource], Settings], Iterable[Finding]]) -> Rule:
        """Make a rule that looks at all resources of a stack together."""
        return self._rule(check.__doc__, check, whole_stack=True)

    def _rule(
        self,
        docstring: str | None,
        check: Callable[[Sequence[Resource], Settings], Iterable[Finding]],
        *,
        whole_stack: bool,
    ) -> Rule:
        description = (docstring or "").partition("\n")[0]
        settings = {**self.settings, "exceptions": EXCEPTIONS}
        return Rule(
            self.name, description, frozenset(self.kinds), self.level, self.controls, settings, whole_stack, check
        )
