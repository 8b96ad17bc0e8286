"""The rows of all types of resources that a configuration can declare, by type token.

The Pulumi provider is bridged from the Terraform provider, so the actions are the calls that it makes
(github.com/hashicorp/terraform-provider-aws, version 6), under the names that the Service Authorization Reference gives
them. To add a type, open the file of its resource there and take note of each call of its create, read, update and
delete functions, and of ``tags_gen.go`` beside it. The permissions of the handlers in AWS's own schema of the type
(CloudFormation, ``handlers``) are a check. Narrow the resources by ``NAME``, with which all names of this project
start, where the reference lists a resource type for the action, and its ARN has the name.
"""

from collections.abc import Mapping

from docs.deployer.apigateway import APIGATEWAY
from docs.deployer.firewall import FIREWALL
from docs.deployer.kms import KMS
from docs.deployer.network import JOINING, NETWORK
from docs.deployer.row import Row, need, optional, row
from docs.deployer.trail import TRAIL

# The default name of the project. Physical names are made of the project, the stack, the part and a suffix.
NAME = "remote-mcp-*"
FUNCTION = f"arn:aws:lambda:*:*:function:{NAME}"
ROLE = f"arn:aws:iam::*:role/{NAME}"
TABLE = f"arn:aws:dynamodb:*:*:table/{NAME}"
SECRET = f"arn:aws:secretsmanager:*:*:secret:{NAME}"
# AWS WAF chooses what the name of its log starts with.
GROUPS = tuple(f"arn:aws:logs:*:*:log-group:{start}{NAME}" for start in ("", "aws-waf-logs-"))
ALARM = f"arn:aws:cloudwatch:*:*:alarm:{NAME}"
TOPIC = f"arn:aws:sns:*:*:{NAME}"
# For the few actions that the reference lists without a resource type.
ANY = "*"
DASHBOARD = f"arn:aws:cloudwatch::*:dashboard/{NAME}"


def _pass_role(service: str) -> Mapping[str, Mapping[str, str]]:
    """Return the condition that a role is passed to one service only."""
    return {"StringEquals": {"iam:PassedToService": service}}


ROWS: Mapping[str, Row] = {
    **APIGATEWAY,
    **FIREWALL,
    **KMS,
    **NETWORK,
    **TRAIL,
    "aws:cloudfront/cachePolicy:CachePolicy": row(
        "cloudfront/cache_policy.go",
        need("cloudfront", "CreateCachePolicy", ANY),
        need(
            "cloudfront",
            "GetCachePolicy UpdateCachePolicy DeleteCachePolicy",
            "arn:aws:cloudfront::*:cache-policy/*",
        ),
    ),
    "aws:cloudfront/distribution:Distribution": row(
        "cloudfront/distribution.go",
        need("cloudfront", "CreateDistribution", ANY),
        need(
            "cloudfront",
            "GetDistribution UpdateDistribution DeleteDistribution ListTagsForResource TagResource UntagResource",
            "arn:aws:cloudfront::*:distribution/*",
        ),
    ),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": row(
        "cloudwatch/composite_alarm.go",
        need("cloudwatch", "DeleteAlarms ListTagsForResource TagResource UntagResource", ALARM),
        # The API reference of both: for composite alarms, the permission must be "scoped to *".
        need("cloudwatch", "PutCompositeAlarm DescribeAlarms", ANY),
    ),
    "aws:cloudwatch/dashboard:Dashboard": row(
        "cloudwatch/dashboard.go", need("cloudwatch", "PutDashboard GetDashboard DeleteDashboards", DASHBOARD)
    ),
    "aws:cloudwatch/logGroup:LogGroup": row(
        "logs/group.go",
        need(
            "logs",
            "CreateLogGroup DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy PutLogGroupDeletionProtection "
            "AssociateKmsKey DisassociateKmsKey ListTagsForResource TagResource UntagResource",
            *GROUPS,
        ),
        need("logs", "DescribeLogGroups", ANY),
    ),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": row(
        "logs/metric_filter.go", need("logs", "PutMetricFilter DescribeMetricFilters DeleteMetricFilter", *GROUPS)
    ),
    "aws:cloudwatch/logStream:LogStream": row(
        "logs/stream.go", need("logs", "CreateLogStream DescribeLogStreams DeleteLogStream", *GROUPS)
    ),
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": optional(
        "logs/subscription_filter.go",
        need("logs", "PutSubscriptionFilter DescribeSubscriptionFilters DeleteSubscriptionFilter", *GROUPS),
        # To a destination of another account, and with a role to a stream.
        need("logs", "PutSubscriptionFilter", "arn:aws:logs:*:*:destination:*"),
        need("iam", "PassRole", ROLE, condition=_pass_role("logs.amazonaws.com")),
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": row(
        "cloudwatch/metric_alarm.go",
        need(
            "cloudwatch",
            "PutMetricAlarm DescribeAlarms DeleteAlarms ListTagsForResource TagResource UntagResource",
            ALARM,
        ),
    ),
    "aws:dynamodb/table:Table": row(
        "dynamodb/table.go",
        need(
            "dynamodb",
            "CreateTable DescribeTable UpdateTable DeleteTable DescribeContinuousBackups UpdateContinuousBackups "
            "DescribeTimeToLive UpdateTimeToLive ListTagsOfResource TagResource UntagResource",
            TABLE,
        ),
    ),
    "aws:iam/role:Role": row(
        "iam/role.go",
        need(
            "iam",
            "CreateRole GetRole UpdateRole UpdateAssumeRolePolicy DeleteRole ListRolePolicies "
            "ListAttachedRolePolicies ListInstanceProfilesForRole TagRole UntagRole",
            ROLE,
        ),
        # CreateFunction and UpdateFunctionConfiguration pass the role.
        need("iam", "PassRole", ROLE, condition=_pass_role("lambda.amazonaws.com")),
        by_setting=(need("iam", "PutRolePermissionsBoundary DeleteRolePermissionsBoundary", ROLE),),
    ),
    "aws:iam/rolePolicy:RolePolicy": row(
        "iam/role_policy.go", need("iam", "PutRolePolicy GetRolePolicy DeleteRolePolicy", ROLE)
    ),
    "aws:lambda/alias:Alias": row(
        "lambda/alias.go", need("lambda", "CreateAlias GetAlias UpdateAlias DeleteAlias", FUNCTION)
    ),
    "aws:lambda/function:Function": row(
        "lambda/function.go",
        need(
            "lambda",
            "CreateFunction GetFunction GetFunctionConfiguration GetFunctionCodeSigningConfig ListVersionsByFunction "
            "PublishVersion UpdateFunctionCode UpdateFunctionConfiguration DeleteFunction TagResource UntagResource "
            "ListTags",
            FUNCTION,
        ),
        by_setting=(need("lambda", "PutFunctionConcurrency DeleteFunctionConcurrency", FUNCTION), JOINING),
    ),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": row(
        "lambda/function_event_invoke_config.go",
        need(
            "lambda",
            "PutFunctionEventInvokeConfig GetFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig",
            FUNCTION,
        ),
    ),
    # RotateSecret makes sure that its caller may invoke the function, too.
    "aws:lambda/invocation:Invocation": row("lambda/invocation.go", need("lambda", "InvokeFunction", FUNCTION)),
    "aws:lambda/permission:Permission": row(
        "lambda/permission.go", need("lambda", "AddPermission GetPolicy RemovePermission", FUNCTION)
    ),
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": optional(
        "lambda/provisioned_concurrency_config.go",
        need(
            "lambda",
            "PutProvisionedConcurrencyConfig GetProvisionedConcurrencyConfig DeleteProvisionedConcurrencyConfig",
            FUNCTION,
        ),
    ),
    "aws:route53/record:Record": optional(
        "route53/record.go",
        need(
            "route53",
            "ChangeResourceRecordSets ListResourceRecordSets GetHostedZone",
            "arn:aws:route53:::hostedzone/*",
        ),
        need("route53", "GetChange", "arn:aws:route53:::change/*"),
    ),
    "aws:secretsmanager/secret:Secret": row(
        "secretsmanager/secret.go",
        need(
            "secretsmanager",
            "CreateSecret DescribeSecret GetResourcePolicy UpdateSecret DeleteSecret TagResource UntagResource",
            SECRET,
        ),
    ),
    "aws:secretsmanager/secretRotation:SecretRotation": row(
        "secretsmanager/secret_rotation.go",
        need("secretsmanager", "RotateSecret CancelRotateSecret DescribeSecret", SECRET),
    ),
    "aws:sns/topic:Topic": row(
        "sns/topic.go",
        need(
            "sns",
            "CreateTopic GetTopicAttributes SetTopicAttributes DeleteTopic ListTagsForResource TagResource "
            "UntagResource",
            TOPIC,
        ),
    ),
    "aws:sns/topicPolicy:TopicPolicy": row(
        "sns/topic_policy.go", need("sns", "SetTopicAttributes GetTopicAttributes", TOPIC)
    ),
    "aws:sns/topicSubscription:TopicSubscription": optional(
        "sns/topic_subscription.go",
        need("sns", "Subscribe", TOPIC),
        need("sns", "GetSubscriptionAttributes SetSubscriptionAttributes Unsubscribe", ANY),
    ),
}
