"""Roles and their policies."""

from local.aws import Aws
from local.resources.kind import Applied, Kind, Properties, PutKind, json_text, rename_keys

_ROLE = {
    "name": "",
    "assumeRolePolicy": "",
    "description": "Description",
    "maxSessionDuration": "MaxSessionDuration",
    "path": "Path",
    "permissionsBoundary": "PermissionsBoundary",
    # It only affects how the AWS provider deletes the role.
    "forceDetachPolicies": "",
}
_ROLE_DEFAULTS = {"description": "", "maxSessionDuration": 3600}


class Role(Kind):
    label = "iam role"
    fixed = ("name", "path", "permissionsBoundary")

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        role = aws.client("iam").create_role(
            RoleName=inputs.get("name", name),
            AssumeRolePolicyDocument=json_text(inputs["assumeRolePolicy"]),
            **rename_keys(inputs, _ROLE),
        )["Role"]
        return _describe(role)

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        client = aws.client("iam")
        client.update_assume_role_policy(RoleName=identifier, PolicyDocument=json_text(new["assumeRolePolicy"]))
        changeable = {key: value for key, value in new.items() if key not in self.fixed}
        client.update_role(RoleName=identifier, **rename_keys(_ROLE_DEFAULTS | changeable, _ROLE))
        return _describe(client.get_role(RoleName=identifier)["Role"])

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        client = aws.client("iam")
        # A replaced role still has its policies; they are applied again.
        for policy in client.list_role_policies(RoleName=identifier)["PolicyNames"]:
            client.delete_role_policy(RoleName=identifier, PolicyName=policy)
        for attached in client.list_attached_role_policies(RoleName=identifier)["AttachedPolicies"]:
            client.detach_role_policy(RoleName=identifier, PolicyArn=attached["PolicyArn"])
        client.delete_role(RoleName=identifier)


class RolePolicy(PutKind):
    label = "iam role policy"
    fixed = ("name", "role")

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        rename_keys(inputs, {"name": "", "policy": "", "role": ""})
        policy = inputs.get("name", name)
        aws.client("iam").put_role_policy(
            RoleName=inputs["role"], PolicyName=policy, PolicyDocument=json_text(inputs["policy"])
        )
        return Applied(f"{inputs['role']}:{policy}", {"name": policy})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        role, _, policy = identifier.partition(":")
        aws.client("iam").delete_role_policy(RoleName=role, PolicyName=policy)


class RolePolicyAttachment(Kind):
    label = "iam policy of role"
    fixed = ("role", "policyArn")

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        names = {"role": "RoleName", "policyArn": "PolicyArn"}
        aws.client("iam").attach_role_policy(**rename_keys(inputs, names))
        return Applied(f"{inputs['role']}/{inputs['policyArn']}", {})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("iam").detach_role_policy(RoleName=inputs["role"], PolicyArn=inputs["policyArn"])


def _describe(role: Properties) -> Applied:
    return Applied(role["RoleName"], {"arn": role["Arn"], "name": role["RoleName"], "uniqueId": role["RoleId"]})
