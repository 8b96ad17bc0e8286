"""Who deploys in these tests: a role with ``docs/deployer-policy.json``, and what the emulator takes amiss."""

from docs.deployer.policy import STANDARD
from local.aws import Aws
from tests.support.names import PROJECT
from tests.support.roles import RoleAws, policy_document, trust_owner

NAME = "deployer"
# The emulator does not find the resource of these requests by its name, and checks the action on "*".
UNRECOGNIZED = (
    "cloudfront:DeleteCachePolicy",
    "cloudfront:GetCachePolicy",
    "cloudfront:TagResource",
    "cloudfront:UntagResource",
    "cloudfront:UpdateCachePolicy",
    "cloudwatch:DeleteAlarms",
    "cloudwatch:DeleteDashboards",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:GetDashboard",
    "cloudwatch:PutDashboard",
    "cloudwatch:TagResource",
    "cloudwatch:UntagResource",
    "dynamodb:TagResource",
    "dynamodb:UntagResource",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "lambda:CreateFunction",
    "sns:TagResource",
    "sns:UntagResource",
    "wafv2:TagResource",
    "wafv2:UntagResource",
)
# It takes UpdateAlias and DeleteAlias for another action.
MISTAKEN = ("lambda:ListAliases",)
# What ``local/resources`` asks, and the provider of AWS does not: the one has GetDistribution, and the other does not
# need to undo the version with which the emulator leaves a cancelled rotation.
OWN = ("cloudfront:GetDistributionConfig", "secretsmanager:UpdateSecretVersionStage")


def policy_of(project: str) -> str:
    """Return the policy as its page says to change it for a project of another name."""
    return STANDARD.read_text().replace("remote-mcp-", f"{project}-")


def assume_deployer(owner: Aws, name: str = NAME, project: str = PROJECT) -> Aws:
    """Make the role of who deploys ``project`` on the emulator of ``owner``, and return clients with its permissions.

    ``name`` is the name of the role.
    """
    iam = owner.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust_owner(owner))["Role"]
    for policy, document in {name: policy_of(project), f"{name}-emulator": allow_for_emulator()}.items():
        created = iam.create_policy(PolicyName=policy, PolicyDocument=document)["Policy"]
        iam.attach_role_policy(RoleName=name, PolicyArn=created["Arn"])
    return RoleAws(owner, role["Arn"])


def allow_for_emulator(*, only_reading: bool = False) -> str:
    """Return the policy with what the emulator asks for beside the policies of ``docs``."""
    actions = [*UNRECOGNIZED, *MISTAKEN, *OWN]
    reading = [action for action in actions if action.partition(":")[2].startswith(("Describe", "Get", "List"))]
    return policy_document({"Effect": "Allow", "Action": reading if only_reading else actions, "Resource": "*"})
