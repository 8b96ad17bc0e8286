"""The rules as a policy pack: what the engine sends becomes resources, and findings become violations."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    PolicyPack,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError

from aws_rules.registry import RULES
from aws_rules.resource import UNKNOWN, Resource
from aws_rules.rule import Level, Rule

NAME = "aws-rules"
LEVELS = {Level.ADVISORY: EnforcementLevel.ADVISORY, Level.MANDATORY: EnforcementLevel.MANDATORY}


def serve() -> None:
    """Serve the rules until the engine stops the process."""
    PolicyPack(NAME, [wrap(rule) for rule in RULES], provider="AWS")


def wrap(rule: Rule) -> Policy:
    """Return the policy that applies a rule."""
    schema = PolicyConfigSchema(
        properties={
            name: {**setting.schema, "default": setting.default, "description": setting.meaning}
            for name, setting in rule.settings.items()
        }
    )
    if rule.whole_stack:

        def check_stack(args: StackValidationArgs, report: ReportViolation) -> None:
            resources = [of_stack(each) for each in args.resources]
            for finding in rule.findings(resources, args.get_config()):
                report(finding.message, finding.resource.urn)

        return StackValidationPolicy(
            rule.name, rule.description, check_stack, LEVELS[rule.level], schema, tags=list(rule.controls)
        )

    def check(args: ResourceValidationArgs, report: ReportViolation) -> None:
        resource = Resource(args.resource_type, args.name, {}, args.urn)
        if resource.kind in rule.kinds:
            known = replace(resource, properties=plain(args.props))
            for finding in rule.findings([known], args.get_config()):
                report(finding.message)

    return ResourceValidationPolicy(
        rule.name, rule.description, check, LEVELS[rule.level], schema, tags=list(rule.controls)
    )


def of_stack(resource: PolicyResource) -> Resource:
    """Return a resource of a stack with the URNs of those that it was made from."""
    references = {
        key: frozenset(each.urn for each in made_from) for key, made_from in resource.property_dependencies.items()
    }
    return Resource(resource.resource_type, resource.name, plain(resource.props), resource.urn, references)


def plain(value: Any) -> Any:
    """Return a value of the engine with ``UNKNOWN`` where it says that it cannot be known yet."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {key: _member(value, key) for key in value}
    if isinstance(value, Sequence):
        return [_member(value, number) for number in range(len(value))]
    return value


def _member(value: Any, key: str | int) -> Any:
    try:
        return plain(value[key])
    except UnknownValueError:
        return UNKNOWN
