"""The Pulumi resource types that the local stack supports, by type token. Any other type is an error."""

from collections.abc import Mapping

from local.resources import (
    apigateway,
    apigateway_methods,
    apigateway_stage,
    cloudwatch,
    dynamodb,
    iam,
    lambda_,
    logs,
    secretsmanager,
    sns,
)
from local.resources.kind import Kind

KINDS: Mapping[str, Kind] = {
    "aws:apigateway/account:Account": apigateway.Account(),
    "aws:apigateway/authorizer:Authorizer": apigateway.Authorizer(),
    "aws:apigateway/deployment:Deployment": apigateway_stage.Deployment(),
    "aws:apigateway/integration:Integration": apigateway_methods.Integration(),
    "aws:apigateway/integrationResponse:IntegrationResponse": apigateway_methods.IntegrationResponse(),
    "aws:apigateway/method:Method": apigateway_methods.Method(),
    "aws:apigateway/methodResponse:MethodResponse": apigateway_methods.MethodResponse(),
    "aws:apigateway/methodSettings:MethodSettings": apigateway_stage.MethodSettings(),
    "aws:apigateway/resource:Resource": apigateway.Resource(),
    "aws:apigateway/response:Response": apigateway.GatewayResponse(),
    "aws:apigateway/restApi:RestApi": apigateway.RestApi(),
    "aws:apigateway/stage:Stage": apigateway_stage.Stage(),
    "aws:cloudwatch/dashboard:Dashboard": cloudwatch.Dashboard(),
    "aws:cloudwatch/logGroup:LogGroup": logs.LogGroup(),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": logs.LogMetricFilter(),
    "aws:cloudwatch/logStream:LogStream": logs.LogStream(),
    "aws:cloudwatch/metricAlarm:MetricAlarm": cloudwatch.MetricAlarm(),
    "aws:dynamodb/table:Table": dynamodb.Table(),
    "aws:iam/role:Role": iam.Role(),
    "aws:iam/rolePolicy:RolePolicy": iam.RolePolicy(),
    "aws:lambda/alias:Alias": lambda_.Alias(),
    "aws:lambda/function:Function": lambda_.Function(),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": lambda_.FunctionEventInvokeConfig(),
    "aws:lambda/invocation:Invocation": lambda_.Invocation(),
    "aws:lambda/permission:Permission": lambda_.Permission(),
    "aws:secretsmanager/secret:Secret": secretsmanager.Secret(),
    "aws:secretsmanager/secretRotation:SecretRotation": secretsmanager.SecretRotation(),
    "aws:sns/topic:Topic": sns.Topic(),
    "aws:sns/topicPolicy:TopicPolicy": sns.TopicPolicy(),
    "aws:sns/topicSubscription:TopicSubscription": sns.TopicSubscription(),
}
