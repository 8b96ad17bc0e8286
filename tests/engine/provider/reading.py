"""Whether a resource still exists, for each type."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from local.aws import Aws
from local.resources.kind import Properties
from local.resources.wafv2 import identity

# What a reader returns is empty, or it raises an error of the service, if the resource is gone.
Reader = Callable[[Aws, str, Properties], Any]


def exists(aws: Aws, kind: str, identifier: str, state: Properties) -> bool:
    """Return whether the emulator has the resource. ``state`` is its inputs and outputs."""
    try:
        return bool(READERS[kind](aws, identifier, state))
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if "NotFound" in code or "NoSuch" in code or "Nonexistent" in code:
            return False
        raise


def _method(operation: str, *, status: bool = False) -> Reader:
    def read(aws: Aws, identifier: str, state: Properties) -> Any:
        key = {"restApiId": state["restApi"], "resourceId": state["resourceId"], "httpMethod": state["httpMethod"]}
        if status:
            key["statusCode"] = state["statusCode"]
        return getattr(aws.client("apigateway"), operation)(**key)

    return read


def _read_metric_filters(aws: Aws, identifier: str, state: Properties) -> Any:
    found = aws.client("logs").describe_metric_filters(logGroupName=state["logGroupName"], filterNamePrefix=identifier)
    return [item for item in found["metricFilters"] if item["filterName"] == identifier]


def _read_method_settings(aws: Aws, identifier: str, state: Properties) -> Any:
    stage = aws.client("apigateway").get_stage(restApiId=state["restApi"], stageName=state["stageName"])
    return stage["methodSettings"].get(state["methodPath"])


def _read_permission(aws: Aws, identifier: str, state: Properties) -> Any:
    qualifier = {"Qualifier": state["qualifier"]} if "qualifier" in state else {}
    policy = json.loads(aws.client("lambda").get_policy(FunctionName=state["function"], **qualifier)["Policy"])
    return [statement for statement in policy["Statement"] if statement["Sid"] == identifier]


def _read_event_invoke_config(aws: Aws, identifier: str, state: Properties) -> Any:
    qualifier = {"Qualifier": state["qualifier"]} if "qualifier" in state else {}
    return aws.client("lambda").get_function_event_invoke_config(FunctionName=state["functionName"], **qualifier)


def _read_record(aws: Aws, identifier: str, state: Properties) -> Any:
    found = aws.client("route53").list_resource_record_sets(HostedZoneId=state["zoneId"])["ResourceRecordSets"]
    return [item for item in found if (item["Name"].rstrip("."), item["Type"]) == (state["name"], state["type"])]


def _read_key(aws: Aws, identifier: str, state: Properties) -> Any:
    return aws.client("kms").describe_key(KeyId=identifier)["KeyMetadata"]["KeyState"] != "PendingDeletion"


def _read_key_alias(aws: Aws, identifier: str, state: Properties) -> Any:
    return [each for each in aws.client("kms").list_aliases()["Aliases"] if each["AliasName"] == identifier]


def _read_log_policy(aws: Aws, identifier: str, state: Properties) -> Any:
    found = aws.client("logs", state.get("region")).describe_resource_policies()["resourcePolicies"]
    return [item for item in found if item["policyName"] == identifier]


def _read_firewall(operation: str) -> Reader:
    def read(aws: Aws, identifier: str, state: Properties) -> Any:
        region, parameters = identity(identifier, state)
        return getattr(aws.client("wafv2", region), operation)(**parameters)

    return read


def _read_association(aws: Aws, identifier: str, state: Properties) -> Any:
    return aws.client("wafv2").get_web_acl_for_resource(ResourceArn=state["resourceArn"])["WebACL"]


def _read_subscription_filters(aws: Aws, identifier: str, state: Properties) -> Any:
    found = aws.client("logs").describe_subscription_filters(
        logGroupName=state["logGroup"], filterNamePrefix=identifier
    )
    return [item for item in found["subscriptionFilters"] if item["filterName"] == identifier]


READERS: Mapping[str, Reader] = {
    "aws:apigateway/account:Account": lambda aws, _, state: aws.client("apigateway").get_account(),
    "aws:apigateway/apiKey:ApiKey": lambda aws, identifier, _: aws.client("apigateway").get_api_key(apiKey=identifier),
    "aws:apigateway/authorizer:Authorizer": lambda aws, identifier, state: aws.client("apigateway").get_authorizer(
        restApiId=state["restApi"], authorizerId=identifier
    ),
    "aws:apigateway/basePathMapping:BasePathMapping": lambda aws, _, state: aws.client(
        "apigateway"
    ).get_base_path_mapping(domainName=state["domainName"], basePath=state.get("basePath", "(none)")),
    "aws:apigateway/deployment:Deployment": lambda aws, identifier, state: aws.client("apigateway").get_deployment(
        restApiId=state["restApi"], deploymentId=identifier
    ),
    "aws:apigateway/domainName:DomainName": lambda aws, identifier, _: aws.client("apigateway").get_domain_name(
        domainName=identifier
    ),
    "aws:apigateway/integration:Integration": _method("get_integration"),
    "aws:apigateway/integrationResponse:IntegrationResponse": _method("get_integration_response", status=True),
    "aws:apigateway/method:Method": _method("get_method"),
    "aws:apigateway/methodResponse:MethodResponse": _method("get_method_response", status=True),
    "aws:apigateway/methodSettings:MethodSettings": _read_method_settings,
    "aws:apigateway/resource:Resource": lambda aws, identifier, state: aws.client("apigateway").get_resource(
        restApiId=state["restApi"], resourceId=identifier
    ),
    "aws:apigateway/response:Response": lambda aws, _, state: aws.client("apigateway").get_gateway_response(
        restApiId=state["restApiId"], responseType=state["responseType"]
    ),
    "aws:apigateway/restApi:RestApi": lambda aws, identifier, _: aws.client("apigateway").get_rest_api(
        restApiId=identifier
    ),
    "aws:apigateway/restApiPolicy:RestApiPolicy": lambda aws, identifier, _: (
        aws.client("apigateway").get_rest_api(restApiId=identifier).get("policy")
    ),
    "aws:apigateway/stage:Stage": lambda aws, _, state: aws.client("apigateway").get_stage(
        restApiId=state["restApi"], stageName=state["stageName"]
    ),
    "aws:apigateway/usagePlan:UsagePlan": lambda aws, identifier, _: aws.client("apigateway").get_usage_plan(
        usagePlanId=identifier
    ),
    "aws:apigateway/usagePlanKey:UsagePlanKey": lambda aws, identifier, state: aws.client(
        "apigateway"
    ).get_usage_plan_key(usagePlanId=state["usagePlanId"], keyId=identifier),
    "aws:cloudfront/cachePolicy:CachePolicy": lambda aws, identifier, _: aws.client("cloudfront").get_cache_policy(
        Id=identifier
    ),
    "aws:cloudfront/distribution:Distribution": lambda aws, identifier, _: aws.client("cloudfront").get_distribution(
        Id=identifier
    ),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": lambda aws, identifier, _: aws.client("cloudwatch").describe_alarms(
        AlarmNames=[identifier], AlarmTypes=["CompositeAlarm"]
    )["CompositeAlarms"],
    "aws:cloudtrail/trail:Trail": lambda aws, identifier, _: aws.client("cloudtrail").get_trail(Name=identifier),
    "aws:cloudwatch/dashboard:Dashboard": lambda aws, identifier, _: aws.client("cloudwatch").get_dashboard(
        DashboardName=identifier
    ),
    "aws:cloudwatch/logGroup:LogGroup": lambda aws, identifier, state: aws.client(
        "logs", state.get("region")
    ).describe_log_groups(logGroupNamePrefix=identifier)["logGroups"],
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": _read_metric_filters,
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": _read_log_policy,
    "aws:cloudwatch/logStream:LogStream": lambda aws, identifier, state: aws.client("logs").describe_log_streams(
        logGroupName=state["logGroupName"], logStreamNamePrefix=identifier
    )["logStreams"],
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": _read_subscription_filters,
    "aws:cloudwatch/metricAlarm:MetricAlarm": lambda aws, identifier, _: aws.client("cloudwatch").describe_alarms(
        AlarmNames=[identifier]
    )["MetricAlarms"],
    "aws:dynamodb/table:Table": lambda aws, identifier, _: aws.client("dynamodb").describe_table(TableName=identifier),
    "aws:ec2/securityGroup:SecurityGroup": lambda aws, identifier, _: aws.client("ec2").describe_security_groups(
        GroupIds=[identifier]
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": lambda aws, identifier, _: aws.client("ec2").describe_vpc_endpoints(
        Filters=[{"Name": "vpc-endpoint-id", "Values": [identifier]}]
    )["VpcEndpoints"],
    "aws:iam/role:Role": lambda aws, identifier, _: aws.client("iam").get_role(RoleName=identifier),
    "aws:iam/rolePolicy:RolePolicy": lambda aws, identifier, state: aws.client("iam").get_role_policy(
        RoleName=state["role"], PolicyName=state["name"]
    ),
    "aws:kms/alias:Alias": _read_key_alias,
    "aws:kms/key:Key": _read_key,
    "aws:lambda/alias:Alias": lambda aws, _, state: aws.client("lambda").get_alias(
        FunctionName=state["functionName"], Name=state["name"]
    ),
    "aws:lambda/function:Function": lambda aws, identifier, _: aws.client("lambda").get_function(
        FunctionName=identifier
    ),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": _read_event_invoke_config,
    # Nothing remains of an invocation. The provider does not read it either.
    "aws:lambda/invocation:Invocation": lambda aws, identifier, _: identifier,
    "aws:lambda/permission:Permission": _read_permission,
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": lambda aws, _, state: aws.client(
        "lambda"
    ).get_provisioned_concurrency_config(FunctionName=state["functionName"], Qualifier=state["qualifier"]),
    "aws:route53/record:Record": _read_record,
    "aws:s3/bucket:Bucket": lambda aws, identifier, _: aws.client("s3").get_bucket_location(Bucket=identifier),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": lambda aws, identifier, _: aws.client(
        "s3"
    ).get_bucket_lifecycle_configuration(Bucket=identifier),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": lambda aws, identifier, _: aws.client(
        "s3"
    ).get_object_lock_configuration(Bucket=identifier),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": lambda aws, identifier, _: aws.client(
        "s3"
    ).get_bucket_ownership_controls(Bucket=identifier),
    "aws:s3/bucketPolicy:BucketPolicy": lambda aws, identifier, _: aws.client("s3").get_bucket_policy(
        Bucket=identifier
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": lambda aws, identifier, _: aws.client(
        "s3"
    ).get_public_access_block(Bucket=identifier),
    # The provider takes a secret that is scheduled for deletion for one that is gone.
    "aws:secretsmanager/secret:Secret": lambda aws, identifier, _: (
        "DeletedDate" not in aws.client("secretsmanager").describe_secret(SecretId=identifier)
    ),
    "aws:secretsmanager/secretRotation:SecretRotation": lambda aws, _, state: aws.client(
        "secretsmanager"
    ).describe_secret(SecretId=state["secretId"])["RotationEnabled"],
    "aws:sns/topic:Topic": lambda aws, identifier, _: aws.client("sns").get_topic_attributes(TopicArn=identifier),
    "aws:sns/topicPolicy:TopicPolicy": lambda aws, identifier, _: aws.client("sns").get_topic_attributes(
        TopicArn=identifier
    )["Attributes"]["Policy"],
    "aws:sns/topicSubscription:TopicSubscription": lambda aws, identifier, _: aws.client(
        "sns"
    ).get_subscription_attributes(SubscriptionArn=identifier),
    "aws:wafv2/ipSet:IpSet": _read_firewall("get_ip_set"),
    "aws:wafv2/webAcl:WebAcl": _read_firewall("get_web_acl"),
    "aws:wafv2/webAclAssociation:WebAclAssociation": _read_association,
    # The emulator keeps no such setting.
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": lambda aws, identifier, _: identifier,
}
