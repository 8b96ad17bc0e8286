"""Tests that every name that AWS gets fits, and that names of project and stack that make one too long are refused."""

import re

import pytest

from components.names import LONGEST, SUFFIX, prefix_of
from tests.infra.configuration import load, refusal
from tests.infra.recorder import Declaration, Stack, run_program

HYPHENATED = r"[A-Za-z0-9_-]+"
# What each service allows in the names that Pulumi makes from the names of resources. The numbers and characters are
# those of the API reference: CreateRole, PutRolePolicy, CreateFunction, AddPermission and so on.
LIMITS = {
    "cloudfront/cachePolicy:CachePolicy": (128, HYPHENATED),
    "cloudwatch/logGroup:LogGroup": (512, r"[.\-_/#A-Za-z0-9]+"),
    "cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": (512, "[^:*]+"),
    "cloudwatch/logMetricFilter:LogMetricFilter": (512, "[^:*]+"),
    "cloudwatch/metricAlarm:MetricAlarm": (255, ".+"),
    "dynamodb/table:Table": (255, "[A-Za-z0-9_.-]+"),
    "ec2/securityGroup:SecurityGroup": (255, r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]+"),
    "iam/role:Role": (64, r"[\w+=,.@-]+"),
    "iam/rolePolicy:RolePolicy": (128, r"[\w+=,.@-]+"),
    "lambda/function:Function": (64, HYPHENATED),
    "lambda/permission:Permission": (100, HYPHENATED),
    "s3/bucket:Bucket": (63, r"[a-z0-9][a-z0-9.-]*[a-z0-9]"),
    "secretsmanager/secret:Secret": (512, "[A-Za-z0-9/_+=.@-]+"),
    "sns/topic:Topic": (256, HYPHENATED),
    "wafv2/ipSet:IpSet": (128, HYPHENATED),
    "wafv2/webAcl:WebAcl": (128, HYPHENATED),
    # API Gateway documents no limit; Pulumi has one of its own.
    "apigateway/apiKey:ApiKey": (255, ".+"),
    "apigateway/authorizer:Authorizer": (255, ".+"),
    "apigateway/restApi:RestApi": (255, ".+"),
    "apigateway/usagePlan:UsagePlan": (255, ".+"),
}
# Kinds that have no name in AWS, or one that does not come from the name of the resource.
NAMELESS = {
    "apigateway/account:Account",
    "apigateway/basePathMapping:BasePathMapping",
    "apigateway/deployment:Deployment",
    "apigateway/domainName:DomainName",
    "apigateway/integration:Integration",
    "apigateway/integrationResponse:IntegrationResponse",
    "apigateway/method:Method",
    "apigateway/methodResponse:MethodResponse",
    "apigateway/methodSettings:MethodSettings",
    "apigateway/resource:Resource",
    "apigateway/response:Response",
    "apigateway/restApiPolicy:RestApiPolicy",
    "apigateway/stage:Stage",
    "apigateway/usagePlanKey:UsagePlanKey",
    "cloudfront/distribution:Distribution",
    "cloudwatch/compositeAlarm:CompositeAlarm",
    "cloudtrail/trail:Trail",
    "cloudwatch/dashboard:Dashboard",
    # Its name is that of the log group, without a suffix.
    "cloudwatch/logResourcePolicy:LogResourcePolicy",
    "cloudwatch/logStream:LogStream",
    "ec2/vpcEndpoint:VpcEndpoint",
    "kms/alias:Alias",
    "kms/key:Key",
    "lambda/alias:Alias",
    "lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    "lambda/invocation:Invocation",
    "lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
    "route53/record:Record",
    "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    "s3/bucketOwnershipControls:BucketOwnershipControls",
    "s3/bucketPolicy:BucketPolicy",
    "s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "secretsmanager/secretRotation:SecretRotation",
    "sns/topicPolicy:TopicPolicy",
    "sns/topicSubscription:TopicSubscription",
    "wafv2/webAclAssociation:WebAclAssociation",
    "wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
}
NETWORKS = '["192.0.2.0/24", "2001:db8::/32"]'
ROOM = min(each.limit - len(f"-{each.name}{SUFFIX}") for each in LONGEST)


def names(stack: Stack) -> list[tuple[Declaration, str, int, str]]:
    """Return every resource that has a name in AWS, with that name, its greatest length and its pattern."""
    found = []
    for resource in stack.declared:
        if resource.type.startswith("aws:"):
            kind = resource.type.removeprefix("aws:")
            assert kind in LIMITS or kind in NAMELESS, f"add {kind} to the limits of names"
            if kind in LIMITS:
                found.append((resource, f"{resource.name}{SUFFIX}", *LIMITS[kind]))
    [dashboard] = stack.all("cloudwatch/dashboard:Dashboard")
    found.append((dashboard, dashboard.inputs["dashboardName"], 255, HYPHENATED))
    composites = stack.all("cloudwatch/compositeAlarm:CompositeAlarm")
    found += [(each, each.inputs["alarmName"], 255, ".+") for each in composites]
    trails = stack.all("cloudtrail/trail:Trail")
    # CreateTrail: no two of the other characters beside each other.
    found += [(each, each.inputs["name"], 128, "[A-Za-z0-9]+([._-][A-Za-z0-9]+)*") for each in trails]
    aliases = stack.all("kms/alias:Alias")
    found += [(each, each.inputs["name"], 256, "alias/[A-Za-z0-9/_-]+") for each in aliases]
    counters = stack.all("cloudwatch/logMetricFilter:LogMetricFilter")
    return found + [(each, each.inputs["metricTransformation"]["name"], 255, "[^:*$]+") for each in counters]


@pytest.mark.parametrize("name", ["stack", "custom_stack"])
def test_every_kind_of_resource_is_one_whose_limit_is_known(name: str, request: pytest.FixtureRequest) -> None:
    assert names(request.getfixturevalue(name))


@pytest.mark.slow
def test_every_name_fits_with_the_suffix_that_pulumi_adds() -> None:
    """A project and a stack with the longest names that are allowed, and every kind of character."""
    upstream = '{"issuer": "https://idp.example.com", "clientId": "x"}'
    config = {"upstream": upstream, "alarmEmail": "ops@example.com", "monitoring": "full"}
    config |= {"firewall": "create", "allowedCidrs": NETWORKS}
    config |= {"kmsKey": "create", "trail": "true"}
    config["logDestinationArn"] = "arn:aws:lambda:eu-central-1:123456789012:function:siem"
    project, stack = "aB3_-x-yz", "d" * (ROOM - len("aB3_-x-yz-"))
    longest = run_program(config, stack, project=project)
    for resource, name, limit, pattern in names(longest):
        assert len(name) <= limit, (resource.type, name)
        assert re.fullmatch(pattern, name), (resource.type, name)
    assert any(len(name) == limit for _, name, limit, _ in names(longest)), "the limit could be higher"


@pytest.mark.parametrize(("kind", "name"), [("lambda/function:Function", 0), ("iam/role:Role", 1)])
def test_the_longest_names_are_those_of_the_program(stack: Stack, kind: str, name: int) -> None:
    longest = max((resource.name for resource in stack.all(kind)), key=len)
    assert longest == f"{prefix_of('remote-mcp', 'dev')}-{LONGEST[name].name}"


@pytest.mark.parametrize(
    ("project", "stack"), [("remote-mcp", "production-eu-central-1"), ("acme-internal-tools-mcp", "production")]
)
def test_common_names_fit(project: str, stack: str) -> None:
    assert load(stack=stack, project=project).stage_name == stack


def test_names_that_are_too_long_are_refused_with_what_is_too_long_and_by_how_much() -> None:
    assert load(stack="p" * (ROOM - len("remote-mcp-"))).stage_name
    message = refusal({}, "p" * (ROOM - len("remote-mcp-") + 3))
    prefix = f"remote-mcp-{'p' * 37}"
    assert f"{prefix!r}, made of the project 'remote-mcp' and the stack '{'p' * 37}'," in message
    name = f"{prefix}-authorizer-0123456"
    told = "too long by 3 characters: with it, a Lambda function would be called"
    assert f"{told} {name!r}, which has 67 characters; allowed: at most 64, so 45 for project and stack" in message


@pytest.mark.parametrize(
    ("project", "stack", "character"), [("remote-mcp", "dev.eu", "'.'"), ("acme.mcp", "dev", "'.'")]
)
def test_a_character_that_a_service_refuses_is_named(project: str, stack: str, character: str) -> None:
    """Pulumi allows periods in both names. Lambda, SNS and dashboards do not."""
    message = refusal({"stageName": "dev"}, stack, project=project)
    assert f"made of the project {project!r} and the stack {stack!r}, contains {character}" in message
    assert "allowed: letters, digits, hyphens and underscores" in message
