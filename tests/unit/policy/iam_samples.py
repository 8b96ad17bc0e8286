"""Samples of what IAM lets roles and users do, and who may become one."""

from tests.unit.policy.samples import ACCOUNT, Sample, aws, document, role, role_policy

TABLE = f"arn:aws:dynamodb:eu-central-1:{ACCOUNT}:table/orders"
TOPIC = f"arn:aws:sns:eu-central-1:{ACCOUNT}:alarms"
GITHUB = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
SUB, AUD = "token.actions.githubusercontent.com:sub", "token.actions.githubusercontent.com:aud"
READ = {"Action": ["dynamodb:GetItem"], "Resource": [TABLE]}
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


IAM = [
    Sample(
        "iam-no-wildcard-action",
        "policy.Statement[0].Action",
        role_policy(Action=["dynamodb:*"], Resource=[TABLE]),
        role_policy(**READ),
    ),
    Sample(
        "iam-no-wildcard-action",
        "policy.Statement[0].NotAction",
        aws("iam/policy:Policy", policy=document({"NotAction": "iam:*", "Resource": TABLE})),
        aws("iam/policy:Policy", policy=document(READ)),
    ),
    Sample(
        "iam-no-wildcard-action",
        "inlinePolicies[0].policy.Statement[0].Action",
        aws("iam/role:Role", inlinePolicies=[{"name": "x", "policy": document({"Action": "*", "Resource": TABLE})}]),
        aws("iam/role:Role", inlinePolicies=[{"name": "x", "policy": document(READ)}]),
    ),
    Sample(
        "iam-no-wildcard-action",
        "policy.Statement[0].Action",
        aws("sns/topicPolicy:TopicPolicy", policy=document({"Principal": ROOT, "Action": "sns:*", "Resource": TOPIC})),
        # What AWS writes into the policy of a new key.
        aws("kms/key:Key", policy=document({"Principal": ROOT, "Action": "kms:*", "Resource": "*"})),
    ),
    Sample(
        "iam-no-wildcard-action",
        "policy.Statement[0].Action",
        role_policy(Action="s3:Put*", Resource="arn:aws:s3:::reports/*"),
        role_policy(Action="s3:Get*", Resource="arn:aws:s3:::reports/*"),
        {"allowedActions": ["s3:Get*"]},
    ),
    Sample(
        "iam-no-wildcard-resource",
        "policy.Statement[0].Resource",
        role_policy(Action=["dynamodb:GetItem", "xray:PutTraceSegments"], Resource="*"),
        role_policy(Action=["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource=["*"]),
    ),
    Sample(
        "iam-no-wildcard-resource",
        "policy.Statement[0].Resource",
        aws("iam/userPolicy:UserPolicy", policy=document({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::*"})),
        aws("iam/userPolicy:UserPolicy", policy=document({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"})),
    ),
    Sample(
        "iam-no-wildcard-resource",
        "policy.Statement[0].NotResource",
        role_policy(Action="dynamodb:GetItem", NotResource=TABLE),
        role_policy(
            Action="ec2:StopInstances", Resource="*", Condition={"StringEquals": {"aws:ResourceTag/team": "orders"}}
        ),
    ),
    Sample(
        "iam-no-administrator-policy",
        "policyArn",
        aws(
            "iam/rolePolicyAttachment:RolePolicyAttachment",
            role="worker",
            policyArn="arn:aws:iam::aws:policy/AdministratorAccess",
        ),
        aws(
            "iam/rolePolicyAttachment:RolePolicyAttachment",
            role="worker",
            policyArn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
        ),
    ),
    Sample(
        "iam-no-administrator-policy",
        "managedPolicyArns",
        aws("iam/role:Role", managedPolicyArns=["arn:aws-cn:iam::aws:policy/AmazonDynamoDBFullAccess"]),
        aws("iam/role:Role", managedPolicyArns=[f"arn:aws:iam::{ACCOUNT}:policy/AdministratorAccess"]),
    ),
    Sample(
        "iam-trust-names-its-principals",
        "assumeRolePolicy.Statement[0].Principal",
        role(Principal={"AWS": "*"}),
        role(Principal={"AWS": "*"}, Condition={"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}),
    ),
    Sample(
        "iam-trust-names-its-principals",
        "assumeRolePolicy.Statement[0].NotPrincipal",
        role(NotPrincipal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}),
        role(Principal={"Service": "lambda.amazonaws.com"}),
    ),
    Sample(
        "iam-federated-trust-names-its-subjects",
        "assumeRolePolicy.Statement[0].Condition",
        role(Principal={"Federated": GITHUB}, Condition={"StringEquals": {AUD: "sts.amazonaws.com"}}),
        role(
            Principal={"Federated": GITHUB},
            Condition={"StringEquals": {AUD: "sts.amazonaws.com", SUB: "repo:example/tools:ref:refs/heads/main"}},
        ),
    ),
    Sample(
        "iam-federated-trust-names-its-subjects",
        "assumeRolePolicy.Statement[0].Condition",
        role(Principal={"Federated": GITHUB}, Condition={"StringLike": {SUB: "repo:*/tools:*"}}),
        role(Principal={"Federated": GITHUB}, Condition={"StringLike": {SUB: "repo:example/tools:*"}}),
    ),
    Sample(
        "iam-no-access-key",
        "secret",
        aws("iam/accessKey:AccessKey", user="deployer"),
        aws("iam/user:User", name="deployer"),
    ),
]
