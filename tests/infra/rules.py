"""Applies the rules of the policy pack to the stacks that the tests record."""

import json
from collections.abc import Mapping
from typing import Any

from pulumi.runtime import rpc

from aws_rules.registry import RULES
from aws_rules.resource import Resource
from aws_rules.rule import Finding, Rule
from tests.infra.recorder import PROJECT, Stack

BY_NAME: Mapping[str, Rule] = {rule.name: rule for rule in RULES}


def resources(stack: Stack) -> list[Resource]:
    """Return the resources of a stack as rules read them, those of components included."""
    found = []
    for each in stack.declared:
        options = stack.options_of(each)
        inputs = {key: rpc.unwrap_rpc_secret(value) for key, value in each.inputs.items()}
        found.append(Resource(each.type, each.name, inputs, options.urn, options.made_from))
    return found


def configuration(name: str) -> Mapping[str, Any]:
    """Return the settings of each rule for a stack of this project, all of them mandatory."""
    policies: dict[str, Any] = json.loads((PROJECT / "policy" / "config" / f"{name}.json").read_text())
    assert policies.pop("all") == "mandatory"
    return policies


def findings(stack: Stack, name: str, settings: Mapping[str, Any] | None = None) -> list[Finding]:
    """Return what breaks the rule of this name."""
    return list(BY_NAME[name].findings(resources(stack), settings))


def all_findings(stack: Stack, settings: Mapping[str, Any]) -> list[Finding]:
    """Return what breaks any rule. ``settings`` has those of each rule by its name."""
    declared = resources(stack)
    return [finding for rule in RULES for finding in rule.findings(declared, settings.get(rule.name))]
