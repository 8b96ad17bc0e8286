"""What is wrong with a configuration: each check yields one sentence for each invalid key."""

import difflib
import importlib.util
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pulumi
from jsonschema import Draft202012Validator
from pulumi.runtime import config as pulumi_config

from components.app.settings import NAMESPACE
from components.packaging.closure import is_module
from components.packaging.sources import Sources
from runtime.scopes import find_circular, find_unknown

# The limit for the keys that a function gets as JSON. Lambda allows 4 KB for all variables of a function together.
LARGEST_BYTES = 2800
# How a server presents itself to people.
ABOUT = ("serverTitle", "websiteUrl", "documentationUrl", "policyUrl", "termsUrl", "logo")
IN_ENVIRONMENTS = {
    "authorizer": ("scopeImplies", "challengeScopes"),
    "mcp": ("allowedOrigins", *ABOUT),
    "oauth": (
        "scopes",
        "scopeImplies",
        "machineScopes",
        "privateUseSchemes",
        "clientIdMetadataDocuments",
        "softwareStatementIssuers",
        *ABOUT,
    ),
    "login": ("scopes", "scopeImplies", "privateUseSchemes", "clientIdMetadataDocuments", "upstream", *ABOUT),
}


def find_oversized_environments(values: Mapping[str, Any]) -> Iterator[str]:
    """Report the keys that do not fit into a function's environment. Lambda would refuse them only when it updates."""
    for function, keys in IN_ENVIRONMENTS.items():
        size = sum(len(json.dumps(values[key])) for key in keys)
        if size > LARGEST_BYTES:
            yield (
                f"{', '.join(keys)} take {size} bytes as JSON; allowed: at most {LARGEST_BYTES}, because they must fit"
                f" into the environment of the {function} function"
            )


def find_foreign_keys(full_keys: Iterable[str]) -> Iterator[str]:
    """Report keys in namespaces of neither this project, its app, Pulumi nor a provider whose SDK is installed.

    A key of this project has another namespace after the project was renamed, and would have no effect. If the project
    itself is called like such a provider, report only that.
    """
    project = pulumi.get_project()
    if _is_provider(project):
        yield f"the project is called {project}, like the provider whose settings are {project}:...; call it otherwise"
        return
    for full_key in full_keys:
        namespace, _, key = full_key.partition(":")
        if namespace not in {project, "pulumi", NAMESPACE} and not _is_provider(namespace):
            yield (
                f"{full_key} is set, but this project is called {project}, and no provider is called {namespace}; "
                f"rename the key to {project}:{key}, or remove it"
            )


def _is_provider(namespace: str) -> bool:
    module = f"pulumi_{namespace.replace('-', '_')}"
    return module.isidentifier() and importlib.util.find_spec(module) is not None


def unknown_keys(given: Mapping[str, Any], rules: Mapping[str, Any]) -> Iterator[str]:
    """Report keys that the schema does not have, each with the key that was probably meant."""
    for key in given:
        if key not in rules:
            near = difflib.get_close_matches(key, rules, n=1)
            hint = f"did you mean {near[0]}?" if near else f"allowed keys: {', '.join(rules)}"
            yield f"{key} is {_display(key, given[key])}, but there is no such key; {hint}"


def wrong_values(values: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    """Report values that the schema does not allow."""
    rules = schema["properties"]
    known = {key: value for key, value in values.items() if key in rules}
    for error in Draft202012Validator(schema).iter_errors(known):
        key, *path = error.absolute_path
        if path and "properties" in rules[key]:
            rule = rules[key]["properties"][path[0]]
            yield problem(f"{key}.{path[0]}", known[key][path[0]], _describe_rule(rule))
        elif error.validator in ("required", "additionalProperties"):
            yield from _wrong_members(str(key), known[str(key)], rules[str(key)])
        else:
            yield problem(str(key), known[str(key)], _describe_rule(rules[str(key)]))


def _wrong_members(key: str, value: Mapping[str, Any], rule: Mapping[str, Any]) -> Iterator[str]:
    """Return the missing and the unknown members of an object, without values, because a value may be a secret."""
    members = rule["properties"]
    for name in rule["required"]:
        if name not in value:
            yield f"{key}.{name} is required, but not set: {members[name]['description']}"
    for name in value:
        if name not in members:
            yield f"{key}.{name} is set, but there is no such member; allowed members: {', '.join(members)}"


def wrong_scopes(values: Mapping[str, Any]) -> Iterator[str]:
    """Report scopes that are named but not defined, and scopes that imply themselves."""
    if values["baseScope"] not in values["scopes"]:
        yield problem("baseScope", values["baseScope"], f"one of the names in scopes: {', '.join(values['scopes'])}")
    for key in ("machineScopes", "challengeScopes"):
        if strangers := sorted(set(values[key]) - values["scopes"].keys()):
            yield problem(key, values[key], f"only names in scopes; not in scopes: {', '.join(strangers)}")
    implies = values["scopeImplies"]
    if strangers := find_unknown(implies, values["scopes"]):
        yield problem("scopeImplies", implies, f"only names in scopes; not in scopes: {', '.join(strangers)}")
    if circles := find_circular(implies):
        yield problem("scopeImplies", implies, f"no cycles; scopes that imply themselves: {', '.join(circles)}")


def wrong_machine_clients(values: Mapping[str, Any]) -> Iterator[str]:
    """Report a stack where nobody could get a token."""
    if values["machineClients"] == "closed" and values["upstream"] is None:
        yield problem(
            "machineClients", "closed", "open or token; without upstream, only machine clients can get a token"
        )


def wrong_adoption(values: Mapping[str, Any]) -> Iterator[str]:
    """Report a secret for the identity provider's client where there is no identity provider."""
    if values["existingUpstreamSecret"] is not None and values["upstream"] is None:
        yield "existingUpstreamSecret is set, but upstream is not; set upstream, or remove existingUpstreamSecret"


def wrong_app(values: Mapping[str, Any], sources: Sources) -> Iterator[str]:
    """Report an app directory or an app module that does not exist."""
    if sources.app is not None and not (sources.app / "__init__.py").is_file():
        allowed = f"a folder with an __init__.py that defines the app; there is none in {sources.app}"
        yield problem("appDirectory", values["appDirectory"], allowed)
    elif not is_module(sources, values["appModule"]):
        yield problem("appModule", values["appModule"], f"the dotted path of a module in {sources.root}")


def problem(key: str, value: Any, allowed: str) -> str:
    """Return the sentence about a key whose ``value`` is not ``allowed``. It does not show a secret value."""
    return f"{key} is {_display(key, value)}; allowed: {allowed}"


def _display(key: str, value: Any) -> str:
    # A member is set in its object, or by a key of its own.
    keys = (f"{pulumi.get_project()}:{name}" for name in (key, key.partition(".")[0]))
    secret = any(pulumi_config.is_config_secret(each) for each in keys)
    return "[secret]" if secret else json.dumps(value, ensure_ascii=False)


def _describe_rule(rule: Mapping[str, Any]) -> str:
    """Describe the values that a rule of the schema allows."""
    match rule:
        case {"enum": list(values)}:
            words = (value if isinstance(value, str) else json.dumps(value) for value in values if value is not None)
            return f"one of {', '.join(words)}"
        case {"type": "boolean"}:
            return "true or false"
        case {"type": kind, "minimum": low, "maximum": high}:
            return f"{'an integer' if 'integer' in kind else 'a number'} from {low} to {high}"
        case _:
            return str(rule["description"])
