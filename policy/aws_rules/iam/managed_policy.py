"""No policy of AWS that administers."""

import re
from collections.abc import Iterator, Mapping

from aws_rules.resource import Resource
from aws_rules.rule import Finding, Maker, Setting, Settings

PLACES: Mapping[str, str] = {
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "policyArn",
    "aws:iam/policyAttachment:PolicyAttachment": "policyArn",
    "aws:iam/role:Role": "managedPolicyArns",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "policyArn",
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "policyArns",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": "policyArn",
}
OF_AWS = re.compile(r"arn:[^:]+:iam::aws:policy/(?:.*/)?(?P<name>[^/]+)")
WIDE = re.compile(r"AdministratorAccess.*|PowerUserAccess|SystemAdministrator|DatabaseAdministrator|.*FullAccess.*")
ALLOWED = Setting(
    {"type": "array", "items": {"type": "string"}}, [], "names of managed policies that are allowed all the same"
)


@Maker(
    name="iam-no-administrator-policy",
    kinds=PLACES,
    controls=("IAM.1", "AwsSolutions-IAM4"),
    settings={"allowedPolicies": ALLOWED},
)
def managed_policy(resource: Resource, settings: Settings) -> Iterator[Finding]:
    """No role, user or group has a policy of AWS that administers, such as `AdministratorAccess` or `*FullAccess`."""
    place = PLACES[resource.kind]
    value = resource.value(place)
    for arn in value if isinstance(value, list | tuple) else [value]:
        policy = OF_AWS.fullmatch(arn) if isinstance(arn, str) else None
        if policy and WIDE.fullmatch(policy["name"]) and policy["name"] not in settings["allowedPolicies"]:
            yield Finding(
                resource,
                place,
                f"attaches {policy['name']}, which AWS manages and widens",
                "write a policy with the actions and resources that are needed",
                policy["name"],
            )
