"""The secrets of the tools that nobody has set yet."""

from local.aws import Aws
from local.state import State


def secrets_without_value(state: State) -> list[str]:
    """Return the names of the secrets that the stack makes for its tools and that have no value."""
    client = Aws(state.emulator_port, state.region).client("secretsmanager")
    made = state.outputs.get("app_secrets", {})
    return [name for name, arn in sorted(made.items()) if not _has_value(client.describe_secret(SecretId=arn))]


def _has_value(described: dict[str, dict[str, list[str]]]) -> bool:
    return any("AWSCURRENT" in labels for labels in described.get("VersionIdsToStages", {}).values())
