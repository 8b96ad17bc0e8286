"""Samples of who may use a resource: its policy, and public access."""

from aws_rules.resource import Resource
from tests.unit.policy.samples import ACCOUNT, Sample, aws, document

TOPIC = f"arn:aws:sns:eu-central-1:{ACCOUNT}:alarms"
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


def topic_policy(**statement: object) -> str:
    return document({"Action": ["sns:Publish"], "Resource": TOPIC, **statement})


def read_from(network: str) -> str:
    """Return the policy of a bucket that everybody in a network may read."""
    return document({"Principal": "*", "Action": "s3:GetObject", "Condition": {"IpAddress": {"aws:SourceIp": network}}})


def invoked_by(**properties: str) -> Resource:
    return aws("lambda/permission:Permission", action="lambda:InvokeFunction", function="orders", **properties)


POLICIES_OF_RESOURCES = [
    Sample(
        "resource-policy-not-public",
        "policy.Statement[0].Principal",
        aws("sns/topicPolicy:TopicPolicy", policy=topic_policy(Principal="*")),
        aws(
            "sns/topicPolicy:TopicPolicy",
            policy=topic_policy(Principal="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}),
        ),
    ),
    Sample(
        "resource-policy-not-public",
        "policy.Statement[0].Principal",
        # A condition that says who may not is none that says who may.
        aws(
            "sqs/queuePolicy:QueuePolicy",
            policy=document(
                {
                    "Principal": {"AWS": "*"},
                    "Action": "sqs:SendMessage",
                    "Resource": "*",
                    "Condition": {"StringNotEquals": {"aws:SourceAccount": ACCOUNT}},
                }
            ),
        ),
        aws(
            "sqs/queuePolicy:QueuePolicy",
            policy=document({"Principal": ROOT, "Action": "sqs:SendMessage", "Resource": "*"}),
        ),
    ),
    Sample(
        "resource-policy-not-public",
        "policy.Statement[0].Principal",
        aws("s3/bucketPolicy:BucketPolicy", policy=read_from("0.0.0.0/0")),
        aws("s3/bucketPolicy:BucketPolicy", policy=read_from("192.0.2.0/24")),
    ),
    Sample(
        "resource-policy-not-public",
        "policy.Statement[0].NotPrincipal",
        aws("s3/bucketV2:BucketV2", policy=document({"NotPrincipal": ROOT, "Action": "s3:GetObject"})),
        aws("s3/bucketV2:BucketV2", policy=document({"Principal": ROOT, "Action": "s3:GetObject"})),
    ),
    Sample(
        "resource-policy-names-the-source",
        "policy.Statement[0].Condition",
        aws("sns/topicPolicy:TopicPolicy", policy=topic_policy(Principal={"Service": "events.amazonaws.com"})),
        aws(
            "sns/topicPolicy:TopicPolicy",
            policy=topic_policy(
                Principal={"Service": "events.amazonaws.com"},
                Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}},
            ),
        ),
    ),
    Sample(
        "resource-policy-names-the-source",
        "policy.Statement[0].Condition",
        aws(
            "kms/key:Key",
            policy=document({"Principal": {"Service": "logs.amazonaws.com"}, "Action": "kms:Decrypt", "Resource": "*"}),
        ),
        aws(
            "kms/key:Key",
            policy=document(
                {
                    "Principal": {"Service": "logs.amazonaws.com"},
                    "Action": "kms:Decrypt",
                    "Resource": "*",
                    "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:*:{ACCOUNT}:*"}},
                }
            ),
        ),
    ),
    Sample(
        "lambda-permission-names-the-source",
        "sourceArn",
        invoked_by(principal="apigateway.amazonaws.com"),
        invoked_by(
            principal="apigateway.amazonaws.com", sourceArn=f"arn:aws:execute-api:eu-central-1:{ACCOUNT}:a1/*/*"
        ),
    ),
    Sample(
        "lambda-permission-names-the-source",
        "sourceAccount",
        invoked_by(principal="s3.amazonaws.com", sourceArn="arn:aws:s3:::reports"),
        invoked_by(principal="s3.amazonaws.com", sourceArn="arn:aws:s3:::reports", sourceAccount=ACCOUNT),
    ),
    Sample(
        "lambda-permission-names-the-source",
        "principal",
        invoked_by(principal="*"),
        invoked_by(principal=ACCOUNT),
    ),
]

PUBLIC = [
    Sample(
        "lambda-url-authorized",
        "authorizationType",
        aws("lambda/functionUrl:FunctionUrl", functionName="orders", authorizationType="NONE"),
        aws("lambda/functionUrl:FunctionUrl", functionName="orders", authorizationType="AWS_IAM"),
    ),
    Sample(
        "api-method-authorized",
        "authorization",
        aws("apigateway/method:Method", httpMethod="POST", authorization="NONE"),
        [
            aws("apigateway/method:Method", httpMethod="POST", authorization="CUSTOM"),
            aws("apigateway/method:Method", httpMethod="OPTIONS", authorization="NONE"),
        ],
    ),
    Sample(
        "api-method-authorized",
        "authorizationType",
        aws("apigatewayv2/route:Route", routeKey="POST /orders"),
        [
            aws("apigatewayv2/route:Route", routeKey="POST /orders", authorizationType="JWT"),
            aws("apigatewayv2/route:Route", routeKey="$disconnect"),
        ],
    ),
    Sample(
        "s3-acl-not-public",
        "acl",
        aws("s3/bucketObjectv2:BucketObjectv2", bucket="reports", acl="authenticated-read"),
        aws("s3/bucketObjectv2:BucketObjectv2", bucket="reports"),
    ),
    Sample(
        "s3-acl-not-public",
        "acl",
        aws("s3/bucketAclV2:BucketAclV2", bucket="reports", acl="public-read"),
        aws("s3/bucketAclV2:BucketAclV2", bucket="reports", acl="private"),
    ),
    Sample(
        "s3-acl-not-public",
        "accessControlPolicy.grants[0].grantee.uri",
        aws(
            "s3/bucketAcl:BucketAcl",
            accessControlPolicy={
                "grants": [
                    {"grantee": {"uri": "http://acs.amazonaws.com/groups/global/AllUsers"}, "permission": "READ"}
                ]
            },
        ),
        aws("s3/bucketAcl:BucketAcl", accessControlPolicy={"grants": [{"grantee": {"id": "a1"}}]}),
    ),
]
