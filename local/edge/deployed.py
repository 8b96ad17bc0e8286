"""What the edge needs to know of a deployed stack."""

from typing import Any

from local.edge.settings import Settings
from local.state import State

_DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
_KEY_HEADER = "x-api-key"


def find_settings(state: State, edge: str) -> Settings:
    """Return the settings of the edge in front of a stack. What a distribution does is read from its declaration."""
    host = f"{state.outputs['api_id']}.execute-api.localhost:{state.emulator_port}"
    settings = Settings(edge, state.emulator_port, host, state.outputs["stage_name"])
    declared = [entry.inputs for entry in state.resources.values() if entry.type == _DISTRIBUTION]
    return _as_declared(settings, declared[0]) if declared else settings


def _as_declared(settings: Settings, distribution: dict[str, Any]) -> Settings:
    [origin] = distribution["origins"]
    sent = {header["name"].lower(): header["value"] for header in origin.get("customHeaders", ())}
    cached = tuple(behavior["pathPattern"] for behavior in distribution.get("orderedCacheBehaviors", ()))
    return settings._replace(key=sent.get(_KEY_HEADER, ""), cached=cached)
