"""The configuration of a stack as a frozen value. Only this module reads ``pulumi.Config``."""

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, Self

import pulumi
from jsonschema import Draft202012Validator
from pulumi.runtime import config as pulumi_config

from components.identity_provider import IdentityProviderConfig
from components.packaging.closure import is_module
from runtime.scopes import expand_hierarchy, find_circular, find_unknown

# The longest derived name, the role of the rotation function, must stay within IAM's 64 characters.
LONGEST_STACK_NAME = 19
# The limit for the keys that a function gets as JSON. Lambda allows 4 KB for all variables of a function together.
LARGEST_BYTES = 2800
IN_ENVIRONMENTS = {
    "mcp": ("allowedOrigins",),
    "oauth": (
        "scopes",
        "scopeImplies",
        "machineScopes",
        "privateUseSchemes",
        "clientIdMetadataDocuments",
        "softwareStatementIssuers",
    ),
    "login": ("scopes", "scopeImplies", "privateUseSchemes", "clientIdMetadataDocuments", "upstream"),
}
PROJECT = Path(__file__).resolve().parent.parent
SCHEMA_FILE = PROJECT / "schemas" / "stack-config.json"


@dataclass(frozen=True, slots=True)
class StackConfig:
    """The configuration of one stack. ``schemas/stack-config.json`` describes each value, its unit and its default."""

    public_url: str | None
    stage_name: str
    architecture: str
    memory_size: int
    timeout_seconds: int
    worker_timeout_seconds: int
    log_retention_days: int
    audit_retention_days: int
    log_level: str
    point_in_time_recovery: bool
    deletion_protection: bool
    access_token_lifetime_seconds: int
    refresh_token_days: int
    refresh_token_idle_days: int
    refresh_token_grace_seconds: int
    authorizer_cache_seconds: int
    signing_key_rotation_days: int
    registration: str
    machine_clients: str
    machine_scopes: tuple[str, ...]
    max_redirect_uris: int
    private_use_schemes: tuple[str, ...]
    unused_client_days: int
    client_secret_days: int | None
    registrations_per_hour: int
    failed_authentications_per_minute: int
    authorizations_per_minute: int
    upstream: IdentityProviderConfig | None
    software_statement_issuers: Mapping[str, Any]
    client_id_metadata_documents: tuple[str, ...]
    throttle_rate_limit: float
    throttle_burst_limit: int
    scopes: Mapping[str, str]
    scope_implies: Mapping[str, Sequence[str]]
    base_scope: str
    allowed_origins: tuple[str, ...]
    server_name: str
    app_module: str
    package_boto3: bool
    alarm_email: str | None
    duration_alarm_milliseconds: int
    authorizer_denials_alarm: int
    manage_api_gateway_account: bool
    tags: Mapping[str, str]

    @classmethod
    def load(cls) -> Self:
        """Read and validate the configuration of the current stack.

        Raise ``pulumi.RunError``, which the CLI shows without a stack trace. The message names every invalid key, its
        value and the allowed values.
        """
        schema = json.loads(SCHEMA_FILE.read_bytes())
        rules: dict[str, dict[str, Any]] = schema["properties"]
        given = {key: _parse(text, rules.get(key, {})) for key, text in _read_settings()}
        values = {key: rule["default"] for key, rule in rules.items()} | given
        problems = [*_wrong_stack_name(), *_unknown_keys(given, rules), *_wrong_values(values, schema)]
        if not problems:
            _derive(values, rules)
            # Derived values obey the same rules: the name of a stack is not always valid for a stage.
            problems = [*_wrong_values(values, schema), *_wrong_scopes(values), *_wrong_app_module(values)]
            problems += _wrong_machine_clients(values)
        if not problems:
            values["scopeImplies"] = expand_hierarchy(values["scopeImplies"])
            problems = list(_oversized_environments(values))
        if problems:
            raise pulumi.RunError("\n  ".join(["The configuration of this stack is not valid:", *problems]))
        fields = _fields(values)
        if fields["upstream"] is not None:
            fields["upstream"] = IdentityProviderConfig(**_fields(fields["upstream"]))
        return cls(**fields)


def _read_settings() -> Iterator[tuple[str, str]]:
    """Return all keys that the stack sets in this project's namespace, including unknown keys, and their texts."""
    namespace = f"{pulumi.get_project()}:"
    config = pulumi.Config()
    for full_key in sorted({**pulumi_config.get_config_env(), **pulumi_config.CONFIG.get()}):
        if full_key.startswith(namespace):
            key = full_key.removeprefix(namespace)
            yield key, config.get(key) or ""


def _parse(text: str, rule: Mapping[str, Any]) -> Any:
    """Return the value of ``text`` under ``rule``, or the text itself if it is not valid JSON."""
    if "string" in rule.get("type", "string"):
        return text.strip()
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except ValueError:
        return text
    # JSON Schema counts 512.0 as an integer; Python does not.
    return int(value) if "integer" in rule["type"] and isinstance(value, float) and value.is_integer() else value


def _refuse_constant(constant: str) -> NoReturn:
    """Refuse NaN and Infinity, which are not JSON and pass any minimum and maximum."""
    raise ValueError(constant)


def _derive(values: dict[str, Any], rules: Mapping[str, dict[str, Any]]) -> None:
    """Set the defaults that depend on the stack or on another key, and put the base scope first."""
    if values["upstream"] is not None:
        members = rules["upstream"]["properties"].items()
        values["upstream"] = {key: rule["default"] for key, rule in members if "default" in rule} | values["upstream"]
    scopes = values["scopes"]
    values["stageName"] = values["stageName"] or pulumi.get_stack()
    values["baseScope"] = base = values["baseScope"] or next(iter(scopes))
    if values["machineClients"] is None:
        # Where users sign in, the identity provider decides who may use the tools. Machine clients bypass it.
        values["machineClients"] = "open" if values["upstream"] is None else "token"
    if values["machineScopes"] is None:
        values["machineScopes"] = [base]
    if values["clientIdMetadataDocuments"] is None:
        values["clientIdMetadataDocuments"] = ["*"] if values["registration"] == "open" else []
    values["scopes"] = {name: scopes[name] for name in sorted(scopes, key=lambda name: name != base)}


def _oversized_environments(values: Mapping[str, Any]) -> Iterator[str]:
    """Report the keys that do not fit into a function's environment. Lambda would refuse them only when it updates."""
    for function, keys in IN_ENVIRONMENTS.items():
        size = sum(len(json.dumps(values[key])) for key in keys)
        if size > LARGEST_BYTES:
            yield (
                f"{', '.join(keys)} take {size} bytes as JSON; allowed: at most {LARGEST_BYTES}, because they must fit"
                f" into the environment of the {function} function"
            )


def _wrong_stack_name() -> Iterator[str]:
    name = pulumi.get_stack()
    if len(name) > LONGEST_STACK_NAME:
        yield f"the name of the stack is {name!r}; allowed: at most {LONGEST_STACK_NAME} characters"


def _unknown_keys(given: Mapping[str, Any], rules: Mapping[str, Any]) -> Iterator[str]:
    for key in given:
        if key not in rules:
            near = difflib.get_close_matches(key, rules, n=1)
            hint = f"did you mean {near[0]}?" if near else f"allowed keys: {', '.join(rules)}"
            yield f"{key} is {_display(key, given[key])}, but there is no such key; {hint}"


def _wrong_values(values: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    rules = schema["properties"]
    known = {key: value for key, value in values.items() if key in rules}
    for error in Draft202012Validator(schema).iter_errors(known):
        key, *path = error.absolute_path
        if path and "properties" in rules[key]:
            rule = rules[key]["properties"][path[0]]
            yield _problem(f"{key}.{path[0]}", known[key][path[0]], _allowed_values(rule))
        elif error.validator in ("required", "additionalProperties"):
            yield from _wrong_members(str(key), known[str(key)], rules[str(key)])
        else:
            yield _problem(str(key), known[str(key)], _allowed_values(rules[str(key)]))


def _wrong_members(key: str, value: Mapping[str, Any], rule: Mapping[str, Any]) -> Iterator[str]:
    """Return the missing and the unknown members of an object, without values, because a value may be a secret."""
    members = rule["properties"]
    for name in rule["required"]:
        if name not in value:
            yield f"{key}.{name} is required, but not set: {members[name]['description']}"
    for name in value:
        if name not in members:
            yield f"{key}.{name} is set, but there is no such member; allowed members: {', '.join(members)}"


def _wrong_scopes(values: Mapping[str, Any]) -> Iterator[str]:
    if values["baseScope"] not in values["scopes"]:
        yield _problem("baseScope", values["baseScope"], f"one of the names in scopes: {', '.join(values['scopes'])}")
    if strangers := sorted(set(values["machineScopes"]) - values["scopes"].keys()):
        allowed = f"only names in scopes; not in scopes: {', '.join(strangers)}"
        yield _problem("machineScopes", values["machineScopes"], allowed)
    implies = values["scopeImplies"]
    if strangers := find_unknown(implies, values["scopes"]):
        yield _problem("scopeImplies", implies, f"only names in scopes; not in scopes: {', '.join(strangers)}")
    if circles := find_circular(implies):
        yield _problem("scopeImplies", implies, f"no cycles; scopes that imply themselves: {', '.join(circles)}")


def _wrong_machine_clients(values: Mapping[str, Any]) -> Iterator[str]:
    if values["machineClients"] == "closed" and values["upstream"] is None:
        yield _problem(
            "machineClients", "closed", "open or token; without upstream, only machine clients can get a token"
        )


def _wrong_app_module(values: Mapping[str, Any]) -> Iterator[str]:
    if not is_module(PROJECT, values["appModule"]):
        yield _problem("appModule", values["appModule"], f"the dotted path of a module in {PROJECT}")


def _problem(key: str, value: Any, allowed: str) -> str:
    return f"{key} is {_display(key, value)}; allowed: {allowed}"


def _display(key: str, value: Any) -> str:
    secret = pulumi_config.is_config_secret(f"{pulumi.get_project()}:{key.partition('.')[0]}")
    return "[secret]" if secret else json.dumps(value, ensure_ascii=False)


def _allowed_values(rule: Mapping[str, Any]) -> str:
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


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    return {_snake_case(key): tuple(value) if isinstance(value, list) else value for key, value in values.items()}


def _snake_case(key: str) -> str:
    return re.sub("([A-Z])", r"_\1", key).lower()
