"""Who deploys in these tests: a role with ``docs/deployer-policy.json``, and what the emulator takes amiss."""

import json
from collections.abc import Mapping

import boto3

from docs.deployer.policy import STANDARD
from local.aws import Aws

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


class Deployer(Aws):
    """Clients with the permissions of who deploys, on the emulator of ``owner``."""

    def __init__(self, owner: Aws) -> None:
        super().__init__(owner.port, owner.region)
        iam = owner.client("iam")
        trust = {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{owner.account}:root"},
            "Action": "sts:AssumeRole",
        }
        role = iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=_document(trust))["Role"]
        extra = {"Effect": "Allow", "Action": [*UNRECOGNIZED, *MISTAKEN, *OWN], "Resource": "*"}
        for name, document in {"deployer": STANDARD.read_text(), "emulator": _document(extra)}.items():
            created = iam.create_policy(PolicyName=name, PolicyDocument=document)["Policy"]
            iam.attach_role_policy(RoleName=NAME, PolicyArn=created["Arn"])
        given = owner.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName=NAME)["Credentials"]
        self._session = boto3.Session(
            given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"], region_name=owner.region
        )


def _document(statement: Mapping[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
