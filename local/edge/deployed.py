"""What the edge needs to know of a deployed stack."""

from typing import Any

from local.edge.settings import Admission, Settings
from local.state import State

_DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
_IP_SET = "aws:wafv2/ipSet:IpSet"
_WEB_ACL = "aws:wafv2/webAcl:WebAcl"
_KEY_HEADER = "x-api-key"


def find_settings(state: State, edge: str) -> Settings:
    """Return the settings of the edge in front of a stack. What a distribution does is read from its declaration."""
    host = f"{state.outputs['api_id']}.execute-api.localhost:{state.emulator_port}"
    settings = Settings(edge, state.emulator_port, host, state.outputs["stage_name"])
    declared = [entry.inputs for entry in state.resources.values() if entry.type == _DISTRIBUTION]
    if not declared:
        return settings
    return _as_declared(settings, declared[0])._replace(admission=_find_admission(state))


def _as_declared(settings: Settings, distribution: dict[str, Any]) -> Settings:
    [origin] = distribution["origins"]
    sent = {header["name"].lower(): header["value"] for header in origin.get("customHeaders", ())}
    cached = tuple(behavior["pathPattern"] for behavior in distribution.get("orderedCacheBehaviors", ()))
    return settings._replace(key=sent.get(_KEY_HEADER, ""), cached=cached)


def _find_admission(state: State) -> Admission | None:
    """Return whom the declared web ACL lets in, and what it answers to others: the one of its rules that has effect."""
    networks = [
        network for entry in state.resources.values() if entry.type == _IP_SET for network in entry.inputs["addresses"]
    ]
    if not networks:
        return None
    [web_acl] = [entry.inputs for entry in state.resources.values() if entry.type == _WEB_ACL]
    [rule] = [rule for rule in web_acl["rules"] if "notStatement" in rule["statement"]]
    response = rule["action"]["block"]["customResponse"]
    [body] = [body for body in web_acl["customResponseBodies"] if body["key"] == response["customResponseBodyKey"]]
    headers = tuple((header["name"], header["value"]) for header in response["responseHeaders"])
    content_type = ("Content-Type", "application/json")
    return Admission(tuple(networks), response["responseCode"], (content_type, *headers), body["content"])
