"""Which inputs the AWS provider updates in place, and which ones make it replace the resource.

The Pulumi provider is bridged from the Terraform provider, so the source of every entry is the schema of that provider
(github.com/hashicorp/terraform-provider-aws, version 6): an input replaces if its schema says ``ForceNew`` or if the
``CustomizeDiff`` of the resource does. An input that is in no list is an error, so that no answer is a guess.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Rules(NamedTuple):
    """The rules of one resource type.

    ``source`` is the file below ``internal/service`` of the Terraform provider. ``replaces`` and ``updates`` name
    inputs. With ``named``, the provider makes up a name with a random suffix if the program sets none. ``name`` is the
    input that has it.
    """

    source: str
    replaces: frozenset[str]
    updates: frozenset[str]
    named: bool = False
    name: str = "name"


def _rules(source: str, *, replaces: str = "", updates: str = "", named: bool = False, name: str = "name") -> Rules:
    return Rules(source, frozenset(replaces.split()), frozenset(updates.split()), named, name)


RULES: Mapping[str, Rules] = {
    "aws:apigateway/account:Account": _rules("apigateway/account.go", updates="cloudwatchRoleArn"),
    "aws:apigateway/apiKey:ApiKey": _rules(
        "apigateway/api_key.go", replaces="name value", updates="customerId description enabled tags", named=True
    ),
    "aws:apigateway/authorizer:Authorizer": _rules(
        "apigateway/authorizer.go",
        replaces="restApi",
        # A change of the type replaces only from and to COGNITO_USER_POOLS.
        updates="name type authorizerResultTtlInSeconds authorizerUri identitySource",
        named=True,
    ),
    "aws:apigateway/basePathMapping:BasePathMapping": _rules(
        "apigateway/base_path_mapping.go", replaces="domainName", updates="basePath domainNameId restApi stageName"
    ),
    "aws:apigateway/deployment:Deployment": _rules(
        "apigateway/deployment.go", replaces="restApi triggers variables", updates="description"
    ),
    "aws:apigateway/domainName:DomainName": _rules(
        "apigateway/domain_name.go",
        replaces="domainName",
        updates="endpointAccessMode endpointConfiguration mutualTlsAuthentication regionalCertificateArn "
        "securityPolicy tags",
    ),
    "aws:apigateway/integration:Integration": _rules(
        "apigateway/integration.go",
        replaces="restApi resourceId httpMethod type credentials integrationHttpMethod passthroughBehavior",
        updates="uri requestTemplates requestParameters timeoutMilliseconds contentHandling",
    ),
    "aws:apigateway/integrationResponse:IntegrationResponse": _rules(
        "apigateway/integration_response.go",
        replaces="restApi resourceId httpMethod",
        updates="statusCode responseParameters responseTemplates selectionPattern",
    ),
    "aws:apigateway/method:Method": _rules(
        "apigateway/method.go",
        replaces="restApi resourceId httpMethod",
        updates="authorization authorizerId apiKeyRequired requestParameters",
    ),
    "aws:apigateway/methodResponse:MethodResponse": _rules(
        "apigateway/method_response.go",
        replaces="restApi resourceId httpMethod",
        updates="statusCode responseParameters responseModels",
    ),
    "aws:apigateway/methodSettings:MethodSettings": _rules(
        "apigateway/method_settings.go", replaces="restApi stageName methodPath", updates="settings"
    ),
    "aws:apigateway/resource:Resource": _rules(
        "apigateway/resource.go", replaces="restApi", updates="parentId pathPart"
    ),
    "aws:apigateway/response:Response": _rules(
        "apigateway/gateway_response.go",
        replaces="restApiId responseType",
        updates="statusCode responseParameters responseTemplates",
    ),
    "aws:apigateway/restApi:RestApi": _rules(
        "apigateway/rest_api.go",
        updates="name description tags policy endpointConfiguration disableExecuteApiEndpoint apiKeySource "
        "binaryMediaTypes endpointAccessMode minimumCompressionSize securityPolicy",
        named=True,
    ),
    "aws:apigateway/restApiPolicy:RestApiPolicy": _rules(
        "apigateway/rest_api_policy.go", replaces="restApiId", updates="policy"
    ),
    "aws:apigateway/stage:Stage": _rules(
        "apigateway/stage.go",
        replaces="restApi stageName",
        updates="deployment description tags accessLogSettings xrayTracingEnabled variables cacheClusterEnabled "
        "cacheClusterSize",
    ),
    "aws:apigateway/usagePlan:UsagePlan": _rules(
        "apigateway/usage_plan.go", updates="apiStages description name tags", named=True
    ),
    "aws:apigateway/usagePlanKey:UsagePlanKey": _rules(
        "apigateway/usage_plan_key.go", replaces="keyId keyType usagePlanId"
    ),
    "aws:cloudfront/cachePolicy:CachePolicy": _rules(
        "cloudfront/cache_policy.go",
        updates="comment defaultTtl maxTtl minTtl name parametersInCacheKeyAndForwardedToOrigin",
        named=True,
    ),
    "aws:cloudfront/distribution:Distribution": _rules(
        "cloudfront/distribution.go",
        replaces="staging",
        updates="aliases comment customErrorResponses defaultCacheBehavior enabled httpVersion isIpv6Enabled "
        "orderedCacheBehaviors origins restrictions tags viewerCertificate waitForDeployment webAclId",
    ),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": _rules(
        "cloudwatch/composite_alarm.go",
        replaces="alarmName actionsEnabled",
        updates="actionsSuppressor alarmActions alarmDescription alarmRule insufficientDataActions okActions tags",
    ),
    "aws:cloudtrail/trail:Trail": _rules(
        "cloudtrail/trail.go",
        replaces="name",
        updates="advancedEventSelectors enableLogFileValidation enableLogging eventSelectors "
        "includeGlobalServiceEvents isMultiRegionTrail kmsKeyId s3BucketName s3KeyPrefix tags",
    ),
    "aws:cloudwatch/dashboard:Dashboard": _rules(
        "cloudwatch/dashboard.go", replaces="dashboardName", updates="dashboardBody"
    ),
    "aws:cloudwatch/logGroup:LogGroup": _rules(
        "logs/group.go",
        replaces="name logGroupClass region",
        updates="deletionProtectionEnabled retentionInDays kmsKeyId skipDestroy tags",
        named=True,
    ),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": _rules(
        "logs/metric_filter.go", replaces="name logGroupName", updates="pattern metricTransformation", named=True
    ),
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": _rules(
        "logs/resource_policy.go", replaces="policyName region", updates="policyDocument"
    ),
    "aws:cloudwatch/logStream:LogStream": _rules("logs/stream.go", replaces="name logGroupName", named=True),
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": _rules(
        "logs/subscription_filter.go",
        replaces="name logGroup",
        updates="destinationArn distribution filterPattern roleArn",
        named=True,
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": _rules(
        "cloudwatch/metric_alarm.go",
        replaces="name",
        updates="alarmActions alarmDescription comparisonOperator datapointsToAlarm dimensions evaluationPeriods "
        "evaluateLowSampleCountPercentiles extendedStatistic insufficientDataActions metricName metricQueries "
        "namespace okActions period statistic tags threshold thresholdMetricId treatMissingData",
        named=True,
    ),
    "aws:dynamodb/table:Table": _rules(
        "dynamodb/table.go",
        replaces="name hashKey rangeKey",
        updates="attributes billingMode deletionProtectionEnabled pointInTimeRecovery serverSideEncryption tableClass "
        "tags ttl",
        named=True,
    ),
    "aws:ec2/securityGroup:SecurityGroup": _rules(
        "ec2/vpc_security_group.go", replaces="name description vpcId", updates="ingress egress tags", named=True
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _rules(
        "ec2/vpc_endpoint.go",
        replaces="vpcId serviceName vpcEndpointType",
        updates="policy privateDnsEnabled routeTableIds securityGroupIds subnetIds ipAddressType tags",
    ),
    "aws:iam/role:Role": _rules(
        "iam/role.go",
        replaces="name path",
        updates="assumeRolePolicy description forceDetachPolicies maxSessionDuration permissionsBoundary tags",
        named=True,
    ),
    "aws:iam/rolePolicy:RolePolicy": _rules("iam/role_policy.go", replaces="name role", updates="policy", named=True),
    "aws:kms/alias:Alias": _rules("kms/alias.go", replaces="name", updates="targetKeyId"),
    "aws:kms/key:Key": _rules(
        "kms/key.go",
        replaces="customerMasterKeySpec keyUsage multiRegion",
        updates="deletionWindowInDays description enableKeyRotation isEnabled policy rotationPeriodInDays tags",
    ),
    "aws:lambda/alias:Alias": _rules(
        "lambda/alias.go", replaces="name functionName", updates="description functionVersion routingConfig", named=True
    ),
    "aws:lambda/function:Function": _rules(
        "lambda/function.go",
        replaces="name packageType",
        updates="architectures code description environment ephemeralStorage handler kmsKeyArn layers loggingConfig "
        "memorySize publish reservedConcurrentExecutions role runtime skipDestroy sourceCodeHash tags timeout "
        "tracingConfig vpcConfig",
        named=True,
    ),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": _rules(
        "lambda/function_event_invoke_config.go",
        replaces="functionName qualifier",
        updates="maximumEventAgeInSeconds maximumRetryAttempts destinationConfig",
    ),
    "aws:lambda/invocation:Invocation": _rules(
        "lambda/invocation.go",
        # The input replaces with the lifecycle scope CREATE_ONLY.
        replaces="functionName input qualifier triggers",
        updates="lifecycleScope",
    ),
    "aws:lambda/permission:Permission": _rules(
        "lambda/permission.go",
        replaces="action function principal qualifier sourceAccount sourceArn statementId",
        named=True,
        name="statementId",
    ),
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": _rules(
        "lambda/provisioned_concurrency_config.go",
        replaces="functionName qualifier",
        updates="provisionedConcurrentExecutions skipDestroy",
    ),
    "aws:route53/record:Record": _rules("route53/record.go", replaces="name zoneId", updates="aliases type"),
    "aws:s3/bucket:Bucket": _rules("s3/bucket.go", replaces="bucket objectLockEnabled", updates="forceDestroy tags"),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _rules(
        "s3/bucket_lifecycle_configuration.go", replaces="bucket", updates="rules"
    ),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": _rules(
        "s3/bucket_object_lock_configuration.go", replaces="bucket", updates="rule"
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _rules(
        "s3/bucket_ownership_controls.go", replaces="bucket", updates="rule"
    ),
    "aws:s3/bucketPolicy:BucketPolicy": _rules("s3/bucket_policy.go", replaces="bucket", updates="policy"),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _rules(
        "s3/bucket_public_access_block.go",
        replaces="bucket",
        updates="blockPublicAcls blockPublicPolicy ignorePublicAcls restrictPublicBuckets",
    ),
    "aws:secretsmanager/secret:Secret": _rules(
        "secretsmanager/secret.go",
        replaces="name",
        updates="description forceOverwriteReplicaSecret kmsKeyId policy recoveryWindowInDays tags",
        named=True,
    ),
    "aws:secretsmanager/secretRotation:SecretRotation": _rules(
        "secretsmanager/secret_rotation.go",
        replaces="secretId",
        updates="rotateImmediately rotationLambdaArn rotationRules",
    ),
    "aws:sns/topic:Topic": _rules(
        "sns/topic.go",
        replaces="name fifoTopic",
        updates="displayName kmsMasterKeyId policy signatureVersion tags tracingConfig",
        named=True,
    ),
    "aws:sns/topicPolicy:TopicPolicy": _rules("sns/topic_policy.go", replaces="arn", updates="policy"),
    "aws:sns/topicSubscription:TopicSubscription": _rules(
        "sns/topic_subscription.go",
        replaces="endpoint protocol topic",
        updates="deliveryPolicy filterPolicy rawMessageDelivery redrivePolicy",
    ),
    "aws:wafv2/ipSet:IpSet": _rules(
        "wafv2/ip_set.go",
        replaces="ipAddressVersion name region scope",
        updates="addresses description tags",
        named=True,
    ),
    "aws:wafv2/webAcl:WebAcl": _rules(
        "wafv2/web_acl.go",
        replaces="name region scope",
        updates="customResponseBodies defaultAction description rules tags visibilityConfig",
        named=True,
    ),
    "aws:wafv2/webAclAssociation:WebAclAssociation": _rules(
        "wafv2/web_acl_association.go", replaces="resourceArn webAclArn"
    ),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": _rules(
        "wafv2/web_acl_logging_configuration.go",
        replaces="region resourceArn",
        updates="logDestinationConfigs loggingFilter redactedFields",
    ),
}
