"""Samples of how data is kept: encryption, TLS, logs, protection, tags."""

from collections.abc import Mapping
from typing import Any

from aws_rules.resource import UNKNOWN, Resource
from tests.unit.policy.samples import ACCOUNT, Sample, aws, document

KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/0a1b2c3d-0000-0000-0000-000000000000"
TABLE = "dynamodb/table:Table"
DISTRIBUTION = "cloudfront/distribution:Distribution"
FUNCTION = "lambda/function:Function"
GROUP = "cloudwatch/logGroup:LogGroup"
BUCKET = aws("s3/bucket:Bucket", "reports", bucket="reports-0a1b2c3")
SWITCHES = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
BLOCK = aws(
    "s3/bucketPublicAccessBlock:BucketPublicAccessBlock", bucket="reports-0a1b2c3", **dict.fromkeys(SWITCHES, True)
)
OPEN = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}


def without(resource: Resource, **changed: Any) -> Resource:
    return Resource(resource.type, resource.name, {**resource.properties, **changed}, resource.urn)


def origin(**config: Any) -> Resource:
    settings = {"originProtocolPolicy": "https-only", "originSslProtocols": ["TLSv1.2"], **config}
    return aws(DISTRIBUTION, origins=[{"domainName": "a.example", "customOriginConfig": settings}])


def certificate(**members: Any) -> Resource:
    return aws(DISTRIBUTION, viewerCertificate=members)


def named(name: str, group: Mapping[str, Any]) -> list[Resource]:
    return [aws(FUNCTION, "orders", name=name), aws(GROUP, "orders-log", **group)]


ENCRYPTION = [
    Sample(
        "own-kms-key",
        "serverSideEncryption.kmsKeyArn",
        aws(TABLE, serverSideEncryption={"enabled": True}),
        [aws(TABLE, serverSideEncryption={"enabled": True, "kmsKeyArn": KEY}), aws(GROUP)],
        {"types": ["aws:dynamodb/table:Table"]},
    ),
    Sample(
        "own-kms-key",
        "kmsKeyId",
        aws("secretsmanager/secret:Secret", kmsKeyId="alias/aws/secretsmanager"),
        aws("secretsmanager/secret:Secret", kmsKeyId=KEY),
        {"types": ["aws:secretsmanager/secret:Secret"]},
    ),
    Sample(
        "storage-encrypted",
        "storageEncrypted",
        aws("rds/instance:Instance", engine="postgres"),
        [
            aws("rds/instance:Instance", engine="postgres", storageEncrypted=True),
            aws("rds/instance:Instance", snapshotIdentifier="before-the-move"),
        ],
    ),
    Sample(
        "storage-encrypted",
        "sqsManagedSseEnabled",
        aws("sqs/queue:Queue", sqsManagedSseEnabled=False),
        [aws("sqs/queue:Queue"), aws("sqs/queue:Queue", sqsManagedSseEnabled=False, kmsMasterKeyId=KEY)],
    ),
    Sample("sns-topic-encrypted", "kmsMasterKeyId", aws("sns/topic:Topic"), aws("sns/topic:Topic", kmsMasterKeyId=KEY)),
    Sample(
        "kms-key-rotation",
        "enableKeyRotation",
        aws("kms/key:Key", description="orders"),
        [aws("kms/key:Key", enableKeyRotation=True), aws("kms/key:Key", keyUsage="SIGN_VERIFY")],
    ),
]

TLS = [
    Sample(
        "cloudfront-viewer-tls",
        "viewerCertificate.minimumProtocolVersion",
        certificate(acmCertificateArn="arn:aws:acm:a", minimumProtocolVersion="TLSv1.1_2016"),
        certificate(acmCertificateArn="arn:aws:acm:a", minimumProtocolVersion="TLSv1.2_2021"),
    ),
    Sample(
        "cloudfront-viewer-tls",
        "viewerCertificate.minimumProtocolVersion",
        certificate(acmCertificateArn="arn:aws:acm:a"),
        certificate(cloudfrontDefaultCertificate=True),
    ),
    Sample(
        "cloudfront-viewer-tls",
        "viewerCertificate.cloudfrontDefaultCertificate",
        certificate(cloudfrontDefaultCertificate=True),
        certificate(acmCertificateArn="arn:aws:acm:a", minimumProtocolVersion="TLSv1.3_2025"),
        {"ownCertificate": True},
    ),
    Sample(
        "cloudfront-viewer-https",
        "orderedCacheBehaviors[0].viewerProtocolPolicy",
        aws(
            DISTRIBUTION,
            defaultCacheBehavior={"viewerProtocolPolicy": "https-only"},
            orderedCacheBehaviors=[{"pathPattern": "/a", "viewerProtocolPolicy": "allow-all"}],
        ),
        aws(DISTRIBUTION, defaultCacheBehavior={"viewerProtocolPolicy": "redirect-to-https"}),
    ),
    Sample(
        "cloudfront-origin-tls",
        "origins[0].customOriginConfig.originProtocolPolicy",
        origin(originProtocolPolicy="match-viewer"),
        origin(),
    ),
    Sample(
        "cloudfront-origin-tls",
        "origins[0].customOriginConfig.originSslProtocols",
        origin(originSslProtocols=["TLSv1", "TLSv1.2"]),
        origin(originSslProtocols=["TLSv1.2"]),
    ),
    Sample(
        "api-tls",
        "securityPolicy",
        aws("apigateway/domainName:DomainName", securityPolicy="TLS_1_0"),
        aws("apigateway/domainName:DomainName", securityPolicy="TLS_1_2"),
    ),
    Sample(
        "api-tls",
        "securityPolicy",
        aws("apigateway/domainName:DomainName", domainName="api.example.com"),
        [
            aws("apigateway/restApi:RestApi", name="orders"),
            aws("apigateway/restApi:RestApi", securityPolicy="SecurityPolicy_TLS13_1_2_2021_06"),
        ],
    ),
    Sample(
        "api-tls",
        "domainNameConfiguration.securityPolicy",
        aws("apigatewayv2/domainName:DomainName", domainNameConfiguration={"securityPolicy": "TLS_1_0"}),
        aws("apigatewayv2/domainName:DomainName", domainNameConfiguration={"securityPolicy": "TLS_1_2"}),
    ),
    Sample(
        "s3-secure-transport",
        "policy",
        [BUCKET, aws("s3/bucketPolicy:BucketPolicy", bucket="another", policy=document(OPEN))],
        [BUCKET, aws("s3/bucketPolicy:BucketPolicy", bucket="reports-0a1b2c3", policy=document(OPEN))],
    ),
    Sample(
        "s3-public-access-blocked",
        "bucket",
        [BUCKET, without(BLOCK, bucket="another")],
        [BUCKET, BLOCK],
    ),
    Sample(
        "s3-public-access-blocked",
        "restrictPublicBuckets",
        [BUCKET, without(BLOCK, restrictPublicBuckets=False)],
        # The name of a new bucket may not be known yet.
        [BUCKET, without(BLOCK, bucket=UNKNOWN)],
    ),
]

LOGS = [
    Sample("log-group-retention", "retentionInDays", aws(GROUP), aws(GROUP, retentionInDays=30)),
    Sample(
        "log-group-retention",
        "retentionInDays",
        aws(GROUP, retentionInDays=30),
        [aws(GROUP, retentionInDays=365), aws(GROUP, retentionInDays=0)],
        {"minimumDays": 365, "allowForever": True},
    ),
    Sample(
        "lambda-log-group-declared",
        "loggingConfig.logGroup",
        named("orders-0a1b2c3", {"name": "/aws/lambda/another"}),
        named("orders-0a1b2c3", {"name": "/aws/lambda/orders-0a1b2c3"}),
    ),
    Sample(
        "lambda-log-group-declared",
        "loggingConfig.logGroup",
        aws(FUNCTION, name="orders"),
        [
            aws(FUNCTION, loggingConfig={"logFormat": "JSON", "logGroup": "of-another-stack"}),
            *named("orders", {"name": UNKNOWN}),
        ],
    ),
    Sample(
        "api-access-log",
        "accessLogSettings.destinationArn",
        aws("apigateway/stage:Stage", stageName="v1"),
        aws("apigatewayv2/stage:Stage", accessLogSettings={"destinationArn": "arn:aws:logs:a", "format": "$context"}),
    ),
    Sample(
        "cloudtrail-validated",
        "enableLogFileValidation",
        aws("cloudtrail/trail:Trail", s3BucketName="trail"),
        aws("cloudtrail/trail:Trail", s3BucketName="trail", enableLogFileValidation=True),
    ),
]

PROTECTION = [
    Sample(
        "lambda-runtime-supported",
        "runtime",
        aws(FUNCTION, runtime="python3.8"),
        [aws(FUNCTION, runtime="python3.14"), aws(FUNCTION, packageType="Image")],
    ),
    Sample(
        "lambda-runtime-supported",
        "runtime",
        aws(FUNCTION, runtime="java11"),
        aws(FUNCTION, runtime="java21"),
        {"refusedRuntimes": ["java11"]},
    ),
    Sample(
        "dynamodb-point-in-time-recovery",
        "pointInTimeRecovery.enabled",
        aws(TABLE, hashKey="pk"),
        aws(TABLE, hashKey="pk", pointInTimeRecovery={"enabled": True}),
    ),
    Sample(
        "dynamodb-deletion-protection",
        "deletionProtectionEnabled",
        aws(TABLE, deletionProtectionEnabled=False),
        aws(TABLE, deletionProtectionEnabled=True),
    ),
    Sample(
        "required-tags",
        "tags",
        aws(TABLE, tags={"team": "orders"}),
        [
            aws(TABLE, tags={"team": "orders", "cost": "42"}),
            aws(TABLE, tags={"team": "orders"}, tagsAll={"team": "orders", "cost": "42"}),
            aws("sns/topicPolicy:TopicPolicy", policy="{}"),
        ],
        {"keys": ["team", "cost"]},
    ),
]
