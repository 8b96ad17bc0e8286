"""The types of ``examples/deployer`` that the program of the repository does not have, on the emulator."""

from collections.abc import Mapping

from local.aws import Aws
from local.resources import KINDS
from local.resources.kind import Applied, Kind, Properties
from tests.engine.provider.replacements import RULES, Rules


class OpenIdConnectProvider(Kind):
    label = "iam openid connect provider"

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        made = aws.client("iam").create_open_id_connect_provider(
            Url=inputs["url"], ClientIDList=inputs["clientIdLists"]
        )
        arn = made["OpenIDConnectProviderArn"]
        return Applied(arn, {"arn": arn})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("iam").delete_open_id_connect_provider(OpenIDConnectProviderArn=identifier)


class Policy(Kind):
    label = "iam policy"

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        made = aws.client("iam").create_policy(PolicyName=inputs["name"], PolicyDocument=inputs["policy"])["Policy"]
        return Applied(made["Arn"], {"arn": made["Arn"]})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("iam").delete_policy(PolicyArn=identifier)


class RolePolicyAttachment(Kind):
    label = "iam role policy attachment"

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        aws.client("iam").attach_role_policy(RoleName=inputs["role"], PolicyArn=inputs["policyArn"])
        return Applied(f"{inputs['role']}/{inputs['policyArn']}", {})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("iam").detach_role_policy(RoleName=inputs["role"], PolicyArn=inputs["policyArn"])


FEDERATION_KINDS: Mapping[str, Kind] = {
    **KINDS,
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": OpenIdConnectProvider(),
    "aws:iam/policy:Policy": Policy(),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": RolePolicyAttachment(),
}
FEDERATION_RULES: Mapping[str, Rules] = {
    **RULES,
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": Rules(
        "iam/openid_connect_provider.go", frozenset({"url"}), frozenset({"clientIdLists"})
    ),
    "aws:iam/policy:Policy": Rules("iam/policy.go", frozenset({"name"}), frozenset({"policy"}), named=True),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Rules(
        "iam/role_policy_attachment.go", frozenset({"role", "policyArn"}), frozenset()
    ),
}
