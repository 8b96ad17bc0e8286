"""The web firewall: IP sets and web ACLs, which the emulator keeps as records."""

from typing import Any, NamedTuple

from local.aws import Aws
from local.resources.kind import Applied, Kind, Properties, PutKind, rename_keys

_IP_SET = {
    "addresses": "Addresses",
    "description": "Description",
    "ipAddressVersion": "IPAddressVersion",
    "name": "",
    "region": "",
    "scope": "Scope",
}
_WEB_ACL = {
    "customResponseBodies": "",
    "defaultAction": "",
    "description": "Description",
    "name": "",
    "region": "",
    "rules": "",
    "scope": "Scope",
    "visibilityConfig": "",
}
# Where AWS WAF does not only write the first letter in another way.
_NAMES = {
    "cloudwatchMetricsEnabled": "CloudWatchMetricsEnabled",
    "arn": "ARN",
    "ipSetReferenceStatement": "IPSetReferenceStatement",
}


class Identity(NamedTuple):
    """Where a resource of AWS WAF is: its region, and the parameters that name it."""

    region: str
    parameters: Properties


class IpSet(Kind):
    label = "ip set"
    fixed = ("ipAddressVersion", "name", "region", "scope")

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        client = aws.client("wafv2", inputs.get("region"))
        summary = client.create_ip_set(Name=inputs.get("name", name), **rename_keys(inputs, _IP_SET))["Summary"]
        return _describe(summary)

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        changeable = rename_keys(new, {**_IP_SET, **dict.fromkeys(self.fixed, "")})
        region, parameters = identity(identifier, new)
        client = aws.client("wafv2", region)
        client.update_ip_set(**parameters, **changeable, LockToken=client.get_ip_set(**parameters)["LockToken"])
        return _describe({"ARN": identifier, "Name": parameters["Name"]})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        region, parameters = identity(identifier, inputs)
        client = aws.client("wafv2", region)
        client.delete_ip_set(**parameters, LockToken=client.get_ip_set(**parameters)["LockToken"])


class WebAcl(Kind):
    label = "web acl"
    fixed = ("name", "region", "scope")

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        client = aws.client("wafv2", inputs.get("region"))
        summary = client.create_web_acl(Name=inputs.get("name", name), **_web_acl(inputs))["Summary"]
        return _describe(summary)

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        region, parameters = identity(identifier, new)
        client = aws.client("wafv2", region)
        token = client.get_web_acl(**parameters)["LockToken"]
        client.update_web_acl(**{**_web_acl(new), **parameters}, LockToken=token)
        return _describe({"ARN": identifier, "Name": parameters["Name"]})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        region, parameters = identity(identifier, inputs)
        client = aws.client("wafv2", region)
        client.delete_web_acl(**parameters, LockToken=client.get_web_acl(**parameters)["LockToken"])


class WebAclAssociation(PutKind):
    label = "web acl association"
    fixed = ("resourceArn",)

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        names = {"resourceArn": "ResourceArn", "webAclArn": "WebACLArn"}
        aws.client("wafv2").associate_web_acl(**rename_keys(inputs, names))
        return Applied(f"{inputs['webAclArn']},{inputs['resourceArn']}", {})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("wafv2").disassociate_web_acl(ResourceArn=inputs["resourceArn"])


class WebAclLoggingConfiguration(PutKind):
    """What a web ACL logs. The emulator has no such setting, and evaluates no rule that could be logged."""

    label = "web acl logging"
    fixed = ("resourceArn", "region")

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        known = ("resourceArn", "logDestinationConfigs", "loggingFilter", "redactedFields", "region")
        rename_keys(inputs, dict.fromkeys(known, ""))
        return Applied(inputs["resourceArn"], {})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Delete nothing: nothing was created."""


def _web_acl(inputs: Properties) -> Properties:
    """Return the parameters of a web ACL but its name."""
    bodies = {each["key"]: _capitalize(each) for each in inputs.get("customResponseBodies", [])}
    for body in bodies.values():
        del body["Key"]
    return rename_keys(inputs, _WEB_ACL) | {
        "DefaultAction": _capitalize(inputs["defaultAction"]),
        "Rules": [_capitalize(rule) for rule in inputs.get("rules", [])],
        "VisibilityConfig": _capitalize(inputs["visibilityConfig"]),
        **({"CustomResponseBodies": bodies} if bodies else {}),
    }


def _capitalize(value: Any) -> Any:
    """Return nested inputs by their boto3 names. boto3 refuses a name that it does not know."""
    if isinstance(value, list):
        return [_capitalize(item) for item in value]
    if isinstance(value, dict):
        return {_NAMES.get(key, key[0].upper() + key[1:]): _capitalize(item) for key, item in value.items()}
    return value


def identity(arn: str, inputs: Properties) -> Identity:
    """Return what an ARN and the inputs of a resource say about where it is, as parameters of boto3."""
    parts = arn.split(":")
    _, _, name, identifier = parts[5].split("/")
    return Identity(parts[3], {"Name": name, "Id": identifier, "Scope": inputs["scope"]})


def _describe(summary: Properties) -> Applied:
    return Applied(summary["ARN"], {"arn": summary["ARN"], "name": summary["Name"]})
