"""Properties between the engine, which speaks protobuf structs, and the kinds of ``local.resources``."""

from collections.abc import Mapping
from typing import Any

import pulumi
from google.protobuf import json_format, struct_pb2
from pulumi.runtime import rpc

from local.resources.archive import hash_archives
from local.resources.kind import Properties, whole_numbers

# The names of inputs that the provider made up, as the bridge of the Terraform provider stores them.
DEFAULTS = "__defaults"


def from_struct(struct: struct_pb2.Struct) -> Properties:
    """Return the properties of a message. Special values are strings and objects with Pulumi's signatures."""
    properties: Properties = whole_numbers(json_format.MessageToDict(struct))
    return properties


def to_struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(dict(properties))
    return struct


def is_unknown(value: Any) -> bool:
    """Return whether the value, or a part of it, is known only after another resource was applied."""
    if isinstance(value, dict):
        return any(is_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(is_unknown(item) for item in value)
    return bool(value == rpc.UNKNOWN)


def differs(old: Any, new: Any) -> bool:
    """Return whether an input changes. An unknown value counts as a change; an archive is as good as its content."""
    if _is_archive(old) and _is_archive(new):
        return bool(old["hash"] != new["hash"])
    return is_unknown(new) or bool(old != new)


def for_kind(inputs: Properties) -> Properties:
    """Return inputs as a kind creates from them: without what only the engine reads, and with real archives."""
    kept = {key: value for key, value in inputs.items() if key not in {"tags", DEFAULTS}}
    return {key: pulumi.FileArchive(value["path"]) if _is_archive(value) else value for key, value in kept.items()}


def as_applied(old: Properties, new: Properties) -> Properties:
    """Return old inputs as a kind compares them with ``new``: archives by the hash of their content."""
    known = for_kind(new)
    return {
        key: hash_archives(known[key]) if _is_archive(value) and not differs(value, new.get(key)) else value
        for key, value in old.items()
        if key not in {"tags", DEFAULTS}
    }


def _is_archive(value: Any) -> bool:
    return isinstance(value, dict) and value.get(rpc._special_sig_key) == rpc._special_archive_sig
