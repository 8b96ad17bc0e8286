"""Inputs that the program keeps secret."""

from typing import Any

from pulumi.runtime import rpc


def reveal(value: Any) -> Any:
    """Return inputs without the marks of secrets, because an AWS API takes plain values."""
    if rpc.is_rpc_secret(value):
        return reveal(rpc.unwrap_rpc_secret(value))
    if isinstance(value, dict):
        return {key: reveal(item) for key, item in value.items()}
    return [reveal(item) for item in value] if isinstance(value, list) else value
